import type { Command } from 'commander';
import { type ConfigOptions, defineCommand, orFail, readConfig } from '../../command.ts';
import type { Io } from '../../io.ts';

interface Options extends ConfigOptions {
  readonly out?: string;
}

export function issueCertificateCommand(parent: Command, io: Io): void {
  defineCommand(parent, {
    usage: 'issue <names...>',
    summary: 'issue a certificate for names and addresses',
    description:
      "Issues a certificate by the local authority for these host names and IP addresses. It takes the place of the one that is\nserved here, for the same key, and is for this machine's own names too; the servers take it within seconds. With --out it\ngoes into another folder, with a key of its own, for a server elsewhere: server.pem, server.key and the authority's ca.pem.",
    examples: [
      'scorpiox cert issue mail.example.net',
      'scorpiox cert issue mail.example.net insights.example.net 192.0.2.7',
      'scorpiox cert issue shop.example.net --out ./shop-tls',
    ],
  })
    .option('--out <folder>', 'put certificate and key there, for a server elsewhere')
    .action(async (names: readonly string[], options: Options) => {
      const config = orFail(readConfig(io, options));
      const { issueFor } = await import('../../ops/cert/local.ts');
      const into = options.out === undefined ? {} : { into: options.out };
      const { certFile, keyFile, caFile } = orFail(await issueFor(config, { names, ...into, cwd: io.cwd }));
      const key = options.out === undefined ? '' : `Its key is in ${keyFile}.\n`;
      io.say(`The certificate is in ${certFile}.\n${key}The authority that clients are to trust is in ${caFile}.\n`);
    });
}
