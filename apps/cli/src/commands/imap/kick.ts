import type { Command } from 'commander';
import { CommandFailed, type ConfigOptions, defineCommand, orFail, readConfig } from '../../command.ts';
import type { Io } from '../../io.ts';
import type { KickSubject } from '../../ops/imap/kick.ts';
import { addOutput, type OutputOptions } from '../../output/options.ts';
import { printRecords } from '../../output/print.ts';

interface Options extends ConfigOptions, OutputOptions {
  readonly user?: string;
}

export function kickCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'kick [session]',
    summary: 'end a connection, or all of a user',
    description:
      'Ends a connection of the running IMAP server, or all that a user has: with BYE after the command that runs; a client\nthat does not take it is hung up on after three seconds. Nothing keeps the client from connecting again.\nIn a pipe: id, user and address of what was ended, divided by tabs.',
    examples: ['scorpiox imap kick 5f0c1a2b', 'scorpiox imap kick --user alice'],
  });
  addOutput(command, 'an array of {id, user, address}')
    .option('--user <name>', 'all connections of an account')
    .action(async (session: string | undefined, options: Options) => {
      const subject = subjectOf(session, options.user);
      const config = orFail(readConfig(io, options));
      const { openAdmin } = await import('../../ops/imap/admin.ts');
      const { kick } = await import('../../ops/imap/kick.ts');
      const kicked = orFail(await kick(orFail(await openAdmin(config)), subject));
      await printRecords(
        io,
        kicked.map(({ id, user, address }) => ({ id, user, address })),
        options,
      );
    });
}

function subjectOf(session: string | undefined, user: string | undefined): KickSubject {
  if (session !== undefined && user === undefined) return { session };
  if (user !== undefined && session === undefined) return { user };
  throw new CommandFailed({ kind: 'usage', message: 'Name a session or, with --user, an account: one of the two.' });
}
