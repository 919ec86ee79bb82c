import type { Command } from 'commander';
import { type ConfigOptions, defineCommand, orFail, readConfig } from '../../command.ts';
import type { Io } from '../../io.ts';

export function initCertificatesCommand(parent: Command, io: Io): void {
  defineCommand(parent, {
    usage: 'init',
    summary: 'make the local authority and a certificate',
    description:
      'Makes the local authority and a certificate for this machine where they are missing, as the first start does, and mends\nwhat does not go together. What is good stays as it is. Clients are told to trust the authority, once.',
    examples: ['scorpiox cert init'],
  }).action(async (options: ConfigOptions) => {
    const config = orFail(readConfig(io, options));
    const { initCertificates } = await import('../../ops/cert/local.ts');
    const { caFile, certFile } = orFail(await initCertificates(config));
    io.say(`The certificate is in ${certFile}.\nThe authority that clients are to trust is in ${caFile}.\n`);
  });
}
