import { setTimeout as pause } from 'node:timers/promises';
import type { LogLine, LogsResponse } from '@scorpiox/shared/imap-admin';
import { type Command, Option } from 'commander';
import { type ConfigOptions, defineCommand, orFail, readConfig } from '../../command.ts';
import type { Io } from '../../io.ts';
import { isWantedLine, LOG_LEVELS, type LogFilter, type LogLevel } from '../../ops/imap/log-filter.ts';
import type { LogReader } from '../../ops/imap/log-reader.ts';
import { FOLLOW_MS, LOG_LINES_SHOWN } from '../../ops/limits.ts';
import { parseCount } from '../../output/options.ts';
import { painter } from '../../output/style.ts';
import { visible } from '../../output/visible.ts';
import { logLineForPeople, logLineForPrograms } from './log-lines.ts';

interface Options extends ConfigOptions {
  readonly follow?: true;
  readonly lines: number;
  readonly level?: LogLevel;
  readonly user?: string;
  readonly session?: string;
  readonly json?: true;
}

export function logsCommand(parent: Command, io: Io): void {
  defineCommand(parent, {
    usage: 'logs',
    summary: 'show what the IMAP server logs',
    description:
      'Shows the last lines that the running IMAP server logged, those of all its processes as one; with -f also those that come,\nuntil Ctrl-C. The server keeps some 2,000 lines of each process; what is older, its standard error had.\nIn a pipe: time, level, message, session, user and the rest as JSON, divided by tabs.',
    examples: [
      'scorpiox imap logs -f',
      'scorpiox imap logs --level warn -n 200',
      'scorpiox imap logs -f --user alice --json',
    ],
  })
    .option('-f, --follow', 'go on with what comes, until Ctrl-C')
    .option('-n, --lines <number>', 'so many of the lines that are there', parseCount, LOG_LINES_SHOWN)
    .addOption(new Option('--level <level>', 'from this level on').choices(Object.keys(LOG_LEVELS)))
    .option('--user <name>', 'only what is about an account')
    .option('--session <id>', 'only what is about a connection; the beginning of its id is enough')
    .option('--json', 'print each line as the JSON object that it is, one a line')
    .action(async (options: Options) => runLogs(io, options));
}

async function runLogs(io: Io, options: Options): Promise<void> {
  const config = orFail(readConfig(io, options));
  const { openAdmin } = await import('../../ops/imap/admin.ts');
  const { LogReader } = await import('../../ops/imap/log-reader.ts');
  const reader = new LogReader(orFail(await openAdmin(config)));
  const first = orFail(await reader.read());
  const print = printer(io, options);
  warnOfLevel(io, options, first.level);
  print(first, options.lines);
  if (options.follow === true) await follow(io, reader, print);
}

type Print = (page: LogsResponse, most?: number) => void;

function printer(io: Io, options: Options): Print {
  const { level, user, session, json } = options;
  const filter: LogFilter = {
    ...(level === undefined ? {} : { level }),
    ...(user === undefined ? {} : { user }),
    ...(session === undefined ? {} : { session }),
  };
  const paint = painter(io);
  let lacked = '';
  const text = (line: LogLine): string => {
    if (json === true) return `${visible(JSON.stringify(line))}\n`; // escaped it is the same JSON
    return io.stdoutIsTerminal ? logLineForPeople(line, paint) : logLineForPrograms(line);
  };
  return ({ lines, missed, missing }, most = lines.length) => {
    if (missed > 0) io.say(`scorpiox: ${missed} lines were gone before they could be read.\n`);
    const lacks = missing.join(' '); // said once, and not at every look
    if (lacks !== '' && lacks !== lacked) io.say(`scorpiox: not all of it: ${lacks}\n`);
    lacked = lacks;
    const wanted = lines.filter((line) => isWantedLine(line, filter));
    io.out(wanted.slice(-most).map(text).join(''));
  };
}

/** Goes on until nobody reads it; a server that is away is waited for. */
async function follow(io: Io, reader: LogReader, print: Print): Promise<void> {
  let away: string | undefined;
  while (!io.readerGone.aborted) {
    await pause(FOLLOW_MS);
    const page = await reader.read();
    if (page.ok) print(page.value);
    else if (away === undefined) io.say(`scorpiox: ${page.error.message} Waiting for it.\n`);
    away = page.ok ? undefined : page.error.message;
  }
}

function warnOfLevel(io: Io, { level }: Options, logged: string): void {
  const from = Object.entries(LOG_LEVELS).find(([name]) => name === logged)?.[1];
  if (from === undefined || level === undefined || LOG_LEVELS[level] >= from) return;
  io.say(
    `scorpiox: the server logs from ${logged} on only: set imap.log_level (SCORPIOX_IMAP_LOG_LEVEL) and restart it.\n`,
  );
}
