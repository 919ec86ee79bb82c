import type { EventKind, Severity } from '../telemetry/event.ts';
import type { FieldName } from './fields.ts';

/**
 * A query as it is understood. Made by `parseQuery` only, so that it is canonical: `and` and `or` have at least two parts,
 * none of which is of the same kind; a pattern has no wildcard beside another; words are in the order of their lists.
 *
 * Every test is either true or false of an event: what an event does not say fulfils no test, and every negated one.
 */
export type Query =
  | { readonly op: 'all' }
  | { readonly op: 'and' | 'or'; readonly parts: readonly Query[] }
  | { readonly op: 'not'; readonly part: Query }
  | Test;

export type Test =
  /** The text stands in the name, the message, the code or the properties (their JSON). */
  | { readonly op: 'text'; readonly pattern: Pattern }
  | ({ readonly op: 'present' } & Place)
  | ({ readonly op: 'match'; readonly pattern: Pattern; readonly whole: boolean } & Place)
  /** At least one end is there. Durations in microseconds; of codes those count that are whole numbers of 1 … 9 digits. */
  | ({ readonly op: 'compare'; readonly from?: Bound; readonly to?: Bound } & Place)
  | { readonly op: 'kind'; readonly kind: EventKind }
  | { readonly op: 'severity'; readonly severities: readonly Severity[] }
  | { readonly op: 'success'; readonly success: boolean };

/** A field; with a key where the field is a map. */
export interface Place {
  readonly field: FieldName;
  readonly key?: string;
}

/**
 * Texts between wildcards, so one text is no wildcard at all. Letters A–Z match either case, other characters themselves.
 */
export type Pattern = readonly [string, ...string[]];

export interface Bound {
  readonly value: number;
  readonly inclusive: boolean;
}

/** What is wrong with a query. `message` is a sentence for whoever typed it. */
export interface QueryError {
  readonly code: 'bad-query';
  /** Where, from 1, in UTF-16 code units; one past the end where something is missing there. */
  readonly column: number;
  readonly message: string;
}

/** A query and where its tests stand in the text, columns from 1. */
export interface ParsedQuery {
  readonly query: Query;
  readonly columns: ReadonlyMap<Query, number>;
}
