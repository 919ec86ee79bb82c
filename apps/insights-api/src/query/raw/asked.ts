import type { AppRecord } from '@scorpiox/shared/database';
import { appsNamed, forApp, makeMatcher, type ParsedQuery, parseQuery } from '@scorpiox/shared/query-language';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { DAY, KEPT_DAYS } from '../../limits.ts';
import { parseRange, type RangeProblem, type TimeRange } from '../time-range.ts';
import type { Field } from './walk.ts';

/** What a search was asked, as it came. */
export interface SearchText {
  readonly q?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** What it asks. */
export interface Asked {
  /** Milliseconds since 1970. */
  readonly range: TimeRange;
  readonly fields: readonly Field[];
  /** Names of all applications by their number. */
  readonly names: ReadonlyMap<number, string>;
  /** Sentences about what the answer cannot have. */
  readonly notes: readonly string[];
}

/** Why it cannot be answered: what is wrong in which parameter, for queries with the column from 1. */
export type AskProblem =
  | RangeProblem
  | {
      readonly code: 'bad-query' | 'unknown-app';
      readonly field: 'q';
      readonly column: number;
      readonly message: string;
    };

/** Reads a search. `now`: milliseconds since 1970. */
export function readSearch(text: SearchText, apps: readonly AppRecord[], now: number): Result<Asked, AskProblem> {
  const range = parseRange(text.from, text.to, now);
  if (!range.ok) return range;
  const parsed = readQuery(text.q, apps);
  if (!parsed.ok) return parsed;
  const { query } = parsed.value;
  const asked = apps.flatMap((app) => {
    const own = forApp(query, app.name);
    return own === undefined ? [] : [{ app, field: { appId: app.id, query: own } }];
  });
  return ok({
    range: range.value,
    fields: asked.map(({ field }) => field),
    names: new Map(apps.map(({ id, name }) => [id, name])),
    notes: notesOf(
      asked.map(({ app }) => app),
      range.value,
      now,
    ),
  });
}

/** Reads a query and looks whether the applications that it names are there: a name that is none is a mistake. */
export function readQuery(q: string | undefined, apps: readonly AppRecord[]): Result<ParsedQuery, AskProblem> {
  const parsed = parseQuery(q ?? '');
  if (!parsed.ok) return err({ ...parsed.error, field: 'q' });
  const stranger = appsNamed(parsed.value.query).find(({ pattern }) => {
    const isThis = makeMatcher(pattern, true);
    return !apps.some(({ name }) => isThis(name));
  });
  if (stranger === undefined) return parsed;
  const column = parsed.value.columns.get(stranger) ?? 1;
  const message = `There is no application ${stranger.pattern[0]}.`;
  return err({ code: 'unknown-app', field: 'q', column, message });
}

/** Where the span reaches back to before what is kept. */
function notesOf(apps: readonly AppRecord[], { from }: TimeRange, now: number): readonly string[] {
  const kept = ({ retentionDays }: AppRecord) => retentionDays ?? KEPT_DAYS;
  // What is too old is deleted in parts, so a day more or less says nothing.
  const short = apps.filter((app) => from < now - (kept(app) + 1) * DAY);
  return [...Map.groupBy(short, kept)].map(
    ([days, those]) =>
      `Events of ${list(those.map(({ name }) => name))} are kept for ${days} days: older ones are deleted.`,
  );
}

/** A few names, and how many more there are. */
function list(names: readonly string[]): string {
  const shown = names.slice(0, 5);
  const others = names.length - shown.length;
  if (others > 0) return `${shown.join(', ')} and ${others} others`;
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}` : (shown[0] ?? '');
}
