import type { Command } from 'commander';
import { CommandFailed, type ConfigOptions, defineCommand, orFail, readConfig } from '../../command.ts';
import type { Io } from '../../io.ts';
import type { SessionsWanted } from '../../ops/imap/sessions.ts';
import { STALLED_MS } from '../../ops/limits.ts';
import { addListOutput, type ListOptions } from '../../output/options.ts';
import { printRecords } from '../../output/print.ts';
import { painter } from '../../output/style.ts';
import { parseTime } from '../parse.ts';
import { SESSION_SHAPE, sessionFields, sessionLines, summary } from './session-rows.ts';
import { watchSessions } from './watch.ts';

interface Options extends ConfigOptions, ListOptions {
  readonly user?: string;
  readonly stalled?: number | true;
  readonly watch?: true;
}

export function sessionsCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'sessions',
    summary: 'show who is connected, and what hangs',
    description:
      'Shows every connection of the running IMAP server: who, from where, in which mailbox, which command runs and for how long,\nwhat waits for the client to take it, and for how long nothing has moved that should. What hangs comes first.\nWith --stalled only what has hung for so long; there is some, it ends with 3. In a pipe: the fields of --json, divided by tabs.',
    examples: [
      'scorpiox imap sessions',
      'scorpiox imap sessions --watch',
      'scorpiox imap sessions --stalled 30s --json',
      "scorpiox imap sessions --user alice --jq '.[].client'",
    ],
  });
  addListOutput(command, `an array of ${SESSION_SHAPE}`)
    .option('--user <name>', 'only those of an account')
    .option('--stalled [time]', 'only those that have hung for so long (default: 30s)', parseTime)
    .option('--watch', 'show them every second on the whole terminal, until q or Ctrl-C')
    .action(async (options: Options) => runSessions(io, options));
}

async function runSessions(io: Io, options: Options): Promise<void> {
  const config = orFail(readConfig(io, options));
  const stalledMs = options.stalled === true ? STALLED_MS : options.stalled;
  const wanted: SessionsWanted = {
    ...(options.user === undefined ? {} : { user: options.user }),
    ...(stalledMs === undefined ? {} : { stalledMs }),
  };
  const { openAdmin } = await import('../../ops/imap/admin.ts');
  const { listSessions } = await import('../../ops/imap/sessions.ts');
  const admin = orFail(await openAdmin(config));
  if (options.watch === true) return watchSessions(io, () => listSessions(admin, wanted), options);
  const { sessions, missing } = orFail(await listSessions(admin, wanted));
  const standsOutMs = stalledMs ?? STALLED_MS;
  const isForPeople = io.stdoutIsTerminal && options.json === undefined && options.jq === undefined;
  if (isForPeople) {
    const lines = sessionLines(sessions.slice(0, options.limit), painter(io), standsOutMs);
    io.out(lines.map((line) => `${line}\n`).join(''));
    io.say(`${summary(sessions, standsOutMs)}.\n`);
  } else await printRecords(io, sessions.map(sessionFields), options);
  for (const sentence of missing) io.say(`scorpiox: not all of it: ${sentence}\n`);
  if (stalledMs !== undefined && sessions.length > 0) throw new CommandFailed(findings(sessions.length));
}

const findings = (count: number) =>
  ({
    kind: 'findings',
    message: `${count} ${count === 1 ? 'session hangs' : 'sessions hang'}; \`scorpiox imap kick ID\` ends one.`,
  }) as const;
