import type { Command } from 'commander';
import { CommandFailed, type ConfigOptions, defineCommand, orFail, readConfig } from '../../command.ts';
import type { Io } from '../../io.ts';
import { HITS_SHOWN } from '../../ops/limits.ts';
import type { Found, Hit } from '../../ops/mail/search/search.ts';
import { addListOutput, type ListOptions } from '../../output/options.ts';
import { printRecords } from '../../output/print.ts';
import { showProgress } from '../../output/progress.ts';
import { listenForStop } from '../../signals.ts';
import { count } from '../count.ts';

interface Options extends ConfigOptions, ListOptions {}

export function searchMailCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'search <user> <words...>',
    summary: "search a user's mail",
    description: `Looks for messages for which all words hold, through the text index where there is one. Nothing is changed or locked.

  WORD or text:WORD     in the header or the text      body:WORD     in the text
  from: to: cc: bcc: subject: header:NAME[=WORD]       in:MAILBOX    only there
  since: before: on:    arrived, a day as 2026-11-28   sentsince: sentbefore: senton:  by the Date field
  younger: older:       as 30m, 12h, 7d, 2w            larger: smaller:  as 5000, 100K, 2M
  seen unseen flagged answered deleted draft …         keyword:NAME  unkeyword:NAME  uid:7:9,12
  not WORD              turned around                  A or B        one of the two

In a pipe: mailbox, UID, date, from and subject, divided by tabs.`,
    examples: [
      'scorpiox mail search alice invoice from:shop unseen',
      "scorpiox mail search alice 'subject:annual report' since:2026-01-01 in:Archive.2026",
      'scorpiox mail search alice larger:10M not flagged --json',
    ],
  });
  addListOutput(command, 'an array of {mailbox, uid, date, from, subject}').action(
    async (user: string, words: readonly string[], options: Options) => run(io, user, words, options),
  );
}

async function run(io: Io, user: string, words: readonly string[], options: Options): Promise<void> {
  const config = orFail(readConfig(io, options));
  const { parseQuery } = await import('../../ops/mail/search/parse.ts');
  const query = parseQuery(words, Date.now());
  if (!query.ok) throw new CommandFailed({ kind: 'usage', message: query.error });
  const { searchMail } = await import('../../ops/mail/search/search.ts');
  const signals = listenForStop();
  const progress = showProgress(io, { label: 'Searching', unit: 'messages' });
  const most = Math.min(options.limit ?? HITS_SHOWN, HITS_SHOWN);
  const request = { user, query: query.value, most, signal: signals.stop, onProgress: progress.update };
  try {
    const found = orFail(await searchMail(config, request));
    progress.end();
    const isTable = io.stdoutIsTerminal && options.json !== true && options.jq === undefined;
    await printRecords(io, isTable ? cutForTable(found.hits, io.stderrColumns()) : found.hits, options);
    tell(io, found);
  } finally {
    progress.end();
    signals.dispose();
  }
}

/** Of a sender, in a table. */
const FROM_COLUMNS = 32;
/** A subject has at least so much room, however narrow the terminal is. */
const SUBJECT_COLUMNS = 24;
/** Of a date, and between five columns. */
const OTHER_COLUMNS = 24 + 4 * 2;

/** Subjects as long as a line of the terminal has room for them. */
function cutForTable(hits: readonly Hit[], columns: number) {
  const longest = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => text.length));
  const places = longest(hits.map(({ mailbox }) => mailbox)) + longest(hits.map(({ uid }) => String(uid ?? '')));
  const room = Math.max(SUBJECT_COLUMNS, columns - 1 - OTHER_COLUMNS - FROM_COLUMNS - places);
  return hits.map(({ from, subject, ...hit }) => ({
    ...hit,
    from: cut(from, FROM_COLUMNS),
    subject: cut(subject, room),
  }));
}

const cut = (text: string, columns: number): string =>
  text.length <= columns ? text : `${text.slice(0, columns - 1)}…`;

function tell(io: Io, { hits, isCut, unreadable }: Found): void {
  const more = isCut ? '; there may be more' : '';
  io.say(`Found ${count(hits.length, 'message')}${more}.\n`);
  if (unreadable > 0) io.say(`scorpiox: ${count(unreadable, 'message')} could not be read.\n`);
}
