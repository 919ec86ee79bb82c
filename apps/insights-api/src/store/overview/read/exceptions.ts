import { countUsers, mergeUsers, NO_USERS } from '../../../rollup/overview/users.ts';
import { coarsestFor } from '../../../rollup/resolutions.ts';
import type { ExceptionFigures, ExceptionPage, ExceptionSorts, Question } from '../../questions/overview.ts';
import { EXCEPTION_GROUPS, EXCEPTION_ROLLUPS, type Row } from '../tables.ts';
import { pageOf } from './paging.ts';
import { bytesOf, hexOf, rowsOf } from './rows.ts';
import type { Reading } from './steps.ts';

const MS_US = 1000;
const MINUTE_MS = 60_000;

interface Sums {
  count: number;
  users: Uint8Array;
}

/** A group with what it comes to in the span. */
interface Found {
  readonly group: Row;
  readonly figures: Omit<ExceptionFigures, 'steps' | 'newest'>;
}

/** Groups of exceptions that have something in the span, a page of them, each with its newest event. */
export function* readExceptions(question: Question<'exceptions'>): Reading<ExceptionPage> {
  const { appId, span, sort } = question;
  const sums = yield* sumUp(question);
  const groups = yield { do: 'all', table: EXCEPTION_GROUPS, resolution: 1, appId };
  const found = groups.flatMap((group) => {
    const one = sums.get(hexOf(group, 'id'));
    return one === undefined ? [] : [{ group, figures: toFigures(group, one) }];
  });
  const isNew = ({ figures: { firstSeen } }: Found) =>
    firstSeen >= span.from * MINUTE_MS && firstSeen < span.to * MINUTE_MS;
  const page = pageOf(found, question, ({ figures }) => ({ value: VALUES[sort](figures), name: figures.id }));
  return {
    groups: found.length,
    newGroups: found.filter(isNew).length,
    count: found.reduce((sum, { figures: { count } }) => sum + count, 0),
    ...page,
    rows: yield* complete(question, page.rows),
  };
}

function* sumUp({ appId, span }: Question<'exceptions'>): Reading<ReadonlyMap<string, Sums>> {
  const sums = new Map<string, Sums>();
  for (const row of yield* rowsOf({ table: EXCEPTION_ROLLUPS, appId }, span, 1440)) {
    const id = hexOf(row, 'id');
    const one = sums.get(id) ?? { count: 0, users: NO_USERS };
    one.count += Number(row.count);
    one.users = mergeUsers(one.users, bytesOf(row, 'users'));
    sums.set(id, one);
  }
  return sums;
}

function toFigures(group: Row, { count, users }: Sums): Found['figures'] {
  return {
    id: hexOf(group, 'id'),
    type: String(group.type),
    place: String(group.place),
    firstSeen: Number(group.first_seen) / MS_US,
    lastSeen: Number(group.last_seen) / MS_US,
    count,
    users: countUsers(users),
  };
}

/** Adds what only the groups of the page need. */
function* complete(question: Question<'exceptions'>, page: readonly Found[]): Reading<readonly ExceptionFigures[]> {
  if (page.length === 0) return [];
  const { appId } = question;
  const steps = yield* readSteps(question, new Set(page.map(({ figures }) => figures.id)));
  const keys = page.map(({ group }) => ({ time: Number(group.last_seen), hash: bytesOf(group, 'newest_hash') }));
  const events = yield { do: 'events', appId, keys };
  const newest = new Map(events.map((row) => [`${row.time} ${hexOf(row, 'hash')}`, row]));
  return page.map(({ group, figures }) => {
    const event = newest.get(`${group.last_seen} ${hexOf(group, 'newest_hash')}`);
    return {
      ...figures,
      steps: steps.get(figures.id) ?? [],
      ...(event === undefined ? {} : { newest: toNewest(event) }),
    };
  });
}

function* readSteps(
  { appId, steps: span, stepMinutes }: Question<'exceptions'>,
  wanted: ReadonlySet<string>,
): Reading<ReadonlyMap<string, number[]>> {
  const length = Math.ceil((span.to - span.from) / stepMinutes);
  const steps = new Map([...wanted].map((id) => [id, Array.from({ length }, () => 0)]));
  const coarsest = coarsestFor({ from: span.from, stepMinutes });
  for (const row of yield* rowsOf({ table: EXCEPTION_ROLLUPS, appId, isPlain: true }, span, coarsest)) {
    const own = steps.get(hexOf(row, 'id'));
    const step = Math.floor((Number(row.minute) - span.from) / stepMinutes);
    if (own !== undefined) own[step] = (own[step] ?? 0) + Number(row.count);
  }
  return steps;
}

const textOf = (row: Row, column: string): string | null => {
  const value = row[column];
  return typeof value === 'string' ? value : null;
};

function toNewest(event: Row): NonNullable<ExceptionFigures['newest']> {
  return {
    time: Number(event.time) / MS_US,
    message: textOf(event, 'message'),
    // The column is written from a map of texts.
    properties: JSON.parse(textOf(event, 'properties') ?? '{}') as Record<string, string>,
    operationId: textOf(event, 'operation_id'),
    instance: textOf(event, 'instance'),
    version: textOf(event, 'version'),
  };
}

const VALUES: { readonly [S in ExceptionSorts]: (row: Found['figures']) => number } = {
  count: ({ count }) => count,
  users: ({ users }) => users.count,
  lastSeen: ({ lastSeen }) => lastSeen,
  firstSeen: ({ firstSeen }) => firstSeen,
};
