/** What is searched for, as data. Words of a query become terms in parse.ts; match.ts says which messages they mean. */
import type { TextScope } from '@scorpiox/maildir';

export type Term =
  | { readonly is: 'all' | 'any'; readonly of: readonly Term[] }
  | { readonly is: 'not'; readonly of: Term }
  /** A flag or keyword that is there, or is not. Compared without case. */
  | { readonly is: 'flag'; readonly flag: string; readonly set: boolean }
  | { readonly is: 'uid'; readonly spans: readonly Span[] }
  /** Octets as they are stored: more than, or fewer than. */
  | { readonly is: 'size'; readonly above?: number; readonly below?: number }
  /** INTERNALDATE in milliseconds since the epoch: from (itself included), and before. */
  | { readonly is: 'date'; readonly from?: number; readonly before?: number }
  /** The day of the Date field, `YYYY-MM-DD`: from (itself included), and before. */
  | { readonly is: 'sent'; readonly from?: string; readonly before?: string }
  | TextTerm;

export interface TextTerm {
  readonly is: 'text';
  readonly text: string;
  readonly scope: TextScope;
}

/** Both ends are included. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

/** What the words of a command line say. */
export interface Query {
  readonly term: Term;
  /** Names of mailboxes; all where there is none. */
  readonly mailboxes: readonly string[];
}

/** All text terms in a term. */
export function textTerms(term: Term): readonly TextTerm[] {
  if (term.is === 'text') return [term];
  if (term.is === 'not') return textTerms(term.of);
  return term.is === 'all' || term.is === 'any' ? term.of.flatMap(textTerms) : [];
}

/** Whether size or date has to be known. */
export function asksFacts(term: Term): boolean {
  if (term.is === 'not') return asksFacts(term.of);
  if (term.is === 'all' || term.is === 'any') return term.of.some(asksFacts);
  return term.is === 'size' || term.is === 'date';
}
