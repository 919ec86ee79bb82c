import type { Command } from 'commander';
import { type ConfigOptions, defineCommand, orFail, readConfig } from '../../command.ts';
import type { Io } from '../../io.ts';

interface Options extends ConfigOptions {
  readonly newKey?: true;
}

export function renewCertificateCommand(parent: Command, io: Io): void {
  defineCommand(parent, {
    usage: 'renew',
    summary: 'issue the certificate anew',
    description:
      'Issues the certificate of the local authority anew, for the names that it has; the servers take it within seconds. They\nrenew it by themselves when two thirds of its life are over, so this is for a key that somebody may have seen (--new-key),\nor for what a finding names.',
    examples: ['scorpiox cert renew', 'scorpiox cert renew --new-key'],
  })
    .option('--new-key', 'make another private key too')
    .action(async (options: Options) => {
      const config = orFail(readConfig(io, options));
      const { renewLocal } = await import('../../ops/cert/local.ts');
      const { certFile } = orFail(await renewLocal(config, options.newKey === true));
      io.say(`${certFile} is renewed${options.newKey === true ? ', with another key' : ''}.\n`);
    });
}
