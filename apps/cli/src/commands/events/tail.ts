import type { EventRecord } from '@scorpiox/shared/contract';
import type { Command } from 'commander';
import { CommandFailed, type ConfigOptions, defineCommand, orFail } from '../../command.ts';
import type { Io } from '../../io.ts';
import type { Column } from '../../ops/events/columns.ts';
import type { TailListener } from '../../ops/events/tail.ts';
import { addListOutput, type ListOptions } from '../../output/options.ts';
import { filtered } from '../../output/print.ts';
import { tsvLine } from '../../output/tsv.ts';
import { visible } from '../../output/visible.ts';
import { listenForStop } from '../../signals.ts';
import { count } from '../count.ts';
import { meantApi } from '../meant-api.ts';
import { pointedAt, readQuery } from './question.ts';
import { tailLine } from './tail-line.ts';

interface Options extends ConfigOptions, ListOptions {
  readonly columns?: string;
}

export function tailEventsCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'tail [query...]',
    summary: 'show events as they are stored',
    description:
      'Shows what an API process stores from now on and what matches the query, until Ctrl-C (then it ends with 130) or --limit. A\nconnection that is lost is opened again; what was not shown meanwhile, or came too fast, is told on standard error.',
    examples: [
      'scorpiox events tail app:shop',
      "scorpiox events tail 'severity:>=error' --columns time,app,message",
      'scorpiox events tail kind:exception --jq \'"\\(.app) \\(.name)"\'',
    ],
  });
  addListOutput(command, 'events as GET /api/events gives them, an object a line')
    .option('--columns <names>', 'fields of the query language, and time, received, hash; divided by commas')
    .action(async (words: readonly string[], options: Options) => {
      const query = readQuery(words);
      const { parseColumns } = await import('../../ops/events/columns.ts');
      await follow(io, query, orFail(parseColumns(options.columns)), options);
    });
}

async function follow(io: Io, query: string, columns: readonly Column[], options: Options): Promise<void> {
  const where = meantApi(io, options);
  const [{ withApi }, { tailEvents }] = await Promise.all([
    import('../../ops/api/with-api.ts'),
    import('../../ops/events/tail.ts'),
  ]);
  const { stop, dispose } = listenForStop();
  const enough = new AbortController();
  const shown = { events: 0 };
  const listener: TailListener = {
    events: async (events) => {
      const some = events.slice(0, (options.limit ?? Number.POSITIVE_INFINITY) - shown.events);
      await print(io, some, columns, options);
      shown.events += some.length;
      if (shown.events === options.limit) enough.abort();
    },
    ...tellOn(io, query),
  };
  try {
    const signal = AbortSignal.any([stop, enough.signal, io.readerGone]);
    const done = await tailEvents({ withApi: (use) => withApi(where, 'viewer', use), query, listener, signal });
    if (!done.ok) throw new CommandFailed(pointedAt(done.error, query));
  } finally {
    dispose();
  }
  if (stop.aborted)
    throw new CommandFailed({ kind: 'interrupted', message: `Stopped after ${count(shown.events, 'event')}.` });
}

/** What is no event, as sentences for whoever looks on. */
function tellOn(io: Io, query: string): Omit<TailListener, 'events'> {
  const iso = (ms: number) => new Date(ms).toISOString();
  return {
    skipped: (missed) =>
      io.say(`${count(missed, 'event')} left out: they came faster than they were read or looked at.\n`),
    lost: (reason) => io.say(`The connection is lost (${visible(reason)}); it is tried again.\n`),
    back: (from, to) =>
      io.say(
        `It is back. Not shown is what was stored meanwhile: scorpiox events query --since ${iso(from)} --until ${iso(to)} -- ${quoted(query)}\n`,
      ),
  };
}

/** As a POSIX shell takes it. */
const quoted = (text: string): string => `'${visible(text).replaceAll("'", "'\\''")}'`;

async function print(
  io: Io,
  events: readonly EventRecord[],
  columns: readonly Column[],
  { json, jq }: ListOptions,
): Promise<void> {
  const write = (text: string) => io.write(Buffer.from(text));
  // Everything in it that drives a terminal stands in a text, where its code means the same.
  const lines = events.map((event) => `${visible(JSON.stringify(event))}\n`);
  if (jq !== undefined) {
    const found = await filtered(lines.join(''), jq);
    await write(io.stdoutIsTerminal ? visible(found) : found);
  } else if (json === true) await write(lines.join(''));
  else if (io.stdoutIsTerminal) await write(events.map((event) => tailLine(event, columns, isColoured(io))).join(''));
  else await write(events.map((event) => tsvLine(columns.map(({ cell }) => cell(event)))).join(''));
}

/** https://no-color.org: set to anything but nothing. */
const isColoured = ({ env }: Io): boolean => (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
