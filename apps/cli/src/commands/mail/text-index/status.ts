import type { Command } from 'commander';
import { type ConfigOptions, defineCommand, orFail, readConfig } from '../../../command.ts';
import type { Io } from '../../../io.ts';
import { addListOutput, type ListOptions } from '../../../output/options.ts';
import { printRecords } from '../../../output/print.ts';

interface Options extends ConfigOptions, ListOptions {}

export function textIndexStatusCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'status [users...]',
    summary: 'show how far the text indexes are',
    description:
      'Shows for every mailbox how many of its messages can be searched without reading them. Servers build the text index of\nmailboxes with more than 500 messages by themselves. Without users: of all. Nothing is changed.\nIn a pipe: user, mailbox, messages and indexed, divided by tabs.',
    examples: ['scorpiox mail text-index status', 'scorpiox mail text-index status alice --json'],
  });
  addListOutput(command, 'an array of {user, mailbox, messages, indexed}').action(
    async (users: readonly string[], options: Options) => {
      const config = orFail(readConfig(io, options));
      const { textIndexStatus } = await import('../../../ops/mail/text-index/status.ts');
      await printRecords(io, orFail(await textIndexStatus(config, users)), options);
    },
  );
}
