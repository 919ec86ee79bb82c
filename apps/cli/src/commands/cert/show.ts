import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type ConfigOptions, defineCommand, orFail, readConfig } from '../../command.ts';
import type { Io } from '../../io.ts';
import { addOutput, type OutputOptions } from '../../output/options.ts';
import { printBlocks } from '../../output/print.ts';

interface Options extends ConfigOptions, OutputOptions {}

export function showCertificatesCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'show [file]',
    summary: 'show what certificates say',
    description:
      'Shows the certificates that are served here and the local authority, or all of a file in PEM: what they are for, for\nwhich names, until when. Private keys are never shown.\nIn a pipe: file, use, subject, issuer, names, from, until, days left, key, serial number and SHA-256, divided by tabs.',
    examples: [
      'scorpiox cert show',
      'scorpiox cert show /etc/scorpiox/fullchain.pem',
      `scorpiox cert show --jq '.[] | [.file, .days] | @tsv'`,
    ],
  });
  addOutput(command, 'an array of {file, use, subject, issuer, names, from, until, days, key, serial, sha256}').action(
    async (file: string | undefined, options: Options) => {
      const config = orFail(readConfig(io, options));
      const { showFile, showInUse } = await import('../../ops/cert/show.ts');
      const shown = file === undefined ? await showInUse(config) : await showFile(resolve(io.cwd, file));
      await printBlocks(io, orFail(shown), options);
    },
  );
}
