import { describeConfigErrors, explainConfig, type Setting } from '@scorpiox/shared/config';
import type { Command } from 'commander';
import { CommandFailed, type ConfigOptions, defineCommand, loadOptions } from '../../command.ts';
import type { Io } from '../../io.ts';
import { addListOutput, type ListOptions } from '../../output/options.ts';
import { printRecords } from '../../output/print.ts';

interface Options extends ConfigOptions, ListOptions {
  readonly origin?: true;
}

export function showConfigCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'show',
    summary: 'show every setting',
    description:
      'Shows every key of the configuration with its value, as flags, environment, file and defaults give it together; with\n--origin also where it was said. Secrets are not shown.\nIn a pipe: key, value and (with --origin) origin, divided by tabs.',
    examples: [
      'scorpiox config show --origin',
      'scorpiox config show --origin --jq \'.[] | select(.origin != "default")\'',
    ],
  });
  addListOutput(command, 'an array of {key, value}, with --origin {key, value, origin}')
    .option('--origin', 'show where each value comes from')
    .action(async (options: Options) => {
      const settings = explainConfig(loadOptions(io, options));
      if (!settings.ok) throw new CommandFailed({ kind: 'usage', message: describeConfigErrors(settings.error) });
      await printRecords(io, settings.value.map(options.origin === true ? withOrigin : plain), options);
    });
}

const withOrigin = ({ key, value, origin }: Setting) => ({ key, value, origin });
const plain = ({ key, value }: Setting) => ({ key, value });
