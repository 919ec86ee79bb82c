import type { Command } from 'commander';
import { type ConfigOptions, defineCommand, orFail, readConfig } from '../../command.ts';
import type { Io } from '../../io.ts';

interface Options extends ConfigOptions {
  readonly mailbox: string;
}

export function deliverMailCommand(parent: Command, io: Io): void {
  defineCommand(parent, {
    usage: 'deliver <user>',
    summary: 'store a message, for mail servers to call',
    description:
      'Stores the message on standard input in a mailbox of the user, byte for byte, and ends with 0 when it is on disk.\nElse: 64 wrong use, 67 no such user, 75 try again later, 77 not permitted; the message is then not stored.',
    examples: [
      'scorpiox mail deliver alice < message.eml',
      'scorpiox mail deliver alice -m Archive.2026 < message.eml',
    ],
  })
    .option('-m, --mailbox <name>', 'where to store it; made if it does not exist', 'INBOX')
    .action(async (user: string, options: Options) => {
      const config = orFail(readConfig(io, options));
      if (io.stdinIsTerminal) io.say('Reading the message from the terminal; Ctrl-D ends it.\n');
      const { deliver } = await import('../../ops/mail/deliver.ts');
      orFail(
        await deliver(config, {
          user,
          mailbox: options.mailbox,
          content: io.stdin,
          print: (line) => io.say(`${line}\n`),
        }),
      );
    });
}
