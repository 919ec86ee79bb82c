import { type Command, InvalidArgumentError } from 'commander';
import { CommandFailed, type ConfigOptions, defineCommand, orFail } from '../../command.ts';
import type { Io } from '../../io.ts';
import type { FoundEvents } from '../../ops/events/query.ts';
import { QUERY_EVENTS_MAX, QUERY_EVENTS_USUAL } from '../../ops/limits.ts';
import { addOutput, type OutputOptions } from '../../output/options.ts';
import { printForPrograms, printRecords } from '../../output/print.ts';
import { visible } from '../../output/visible.ts';
import { meantApi } from '../meant-api.ts';
import { parseMoment, pointedAt, readQuery } from './question.ts';

interface Options extends ConfigOptions, OutputOptions {
  readonly since: string;
  readonly until: string;
  readonly limit?: number;
  readonly columns?: string;
}

export function queryEventsCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'query [query...]',
    summary: 'search the events that are stored',
    description:
      "Shows the newest events that match a query of the dashboard's language (docs/query-language.md), newest first; without one\nevery event. A query that begins with - stands behind --. The API is asked that `scorpiox login` or SCORPIOX_URL name, else the\none of this installation, which must be running. Ends with 6 where the search gave up before the span was through.",
    examples: [
      "scorpiox events query 'app:shop status:5xx' --since 1h",
      'scorpiox events query kind:exception --since 2d --until 1d --columns time,app,name,user,properties.tenant',
      "scorpiox events query 'duration:>2s' --json --jq '.[].operationId'",
      'scorpiox events query --since 15m -- -success:true',
    ],
  });
  addOutput(command, 'an array of events, as GET /api/events gives them (docs/api.md)')
    .option('--since <time>', 'from when on: 15m, 1h, 2d ago, or ISO 8601', parseMoment, 'now-24h')
    .option('--until <time>', 'until when', parseMoment, 'now')
    .option('--limit <number>', `so many of the newest (default: ${QUERY_EVENTS_USUAL})`, parseMost)
    .option('--columns <names>', 'fields of the query language, and time, received, hash; divided by commas')
    .action(async (words: readonly string[], options: Options) => {
      const query = readQuery(words);
      const { parseColumns } = await import('../../ops/events/columns.ts');
      const columns = orFail(parseColumns(options.columns));
      const found = await find(io, query, options);
      if (!(await printForPrograms(io, found.events, options))) {
        const rows = found.events.map((event) =>
          Object.fromEntries(columns.map(({ name, cell }) => [name, cell(event)])),
        );
        await printRecords(io, rows, {});
      }
      explain(io, found, options);
    });
}

async function find(io: Io, query: string, options: Options): Promise<FoundEvents> {
  const { since, until, limit = QUERY_EVENTS_USUAL } = options;
  const [{ withApi }, { findEvents }] = await Promise.all([
    import('../../ops/api/with-api.ts'),
    import('../../ops/events/query.ts'),
  ]);
  const found = await withApi(meantApi(io, options), 'viewer', (api) =>
    findEvents(api, { query, from: since, to: until, limit }),
  );
  if (!found.ok) throw new CommandFailed(pointedAt(found.error, query));
  return found.value;
}

/** What the events themselves do not tell, after them. */
function explain(io: Io, { events, isMore, partial, notes }: FoundEvents, { limit }: Options): void {
  for (const note of notes) io.say(`${visible(note)}\n`);
  if (partial !== null) throw new CommandFailed(gaveUp(partial));
  if (events.length === 0) io.say('No event matches.\n');
  else if (isMore && limit === undefined) io.say(`There are older ones: --limit shows more than ${events.length}.\n`);
}

const gaveUp = ({ reason, reached }: NonNullable<FoundEvents['partial']>) =>
  ({
    kind: 'partly-done',
    message: `The search ${reason === 'time' ? 'took too long' : 'read too many rows'} and gave up at ${reached}: what is older was not looked at. Go on with --until ${reached}, or ask for less.`,
  }) as const;

function parseMost(text: string): number {
  const number = /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0;
  if (number > 0 && number <= QUERY_EVENTS_MAX) return number;
  throw new InvalidArgumentError(
    `It must be a whole number from 1 to ${QUERY_EVENTS_MAX}; GET /api/events/export gives any number.`,
  );
}
