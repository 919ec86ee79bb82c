/**
 * Which mailboxes a LIST tells of, and as what (RFC 9051 §6.3.9, RFC 5258 §3). Pure: names, and which of them match a
 * pattern, go in.
 *
 * A name that matches is told of for one of two reasons: it satisfies the selection criteria itself, or, where the client
 * asked for that (RECURSIVEMATCH), something below it does that matches no pattern and so is not told of itself.
 */
import { type ListPattern, parentsOf } from './list-pattern.ts';
import type { MailboxInfo, SpecialUse } from './store.ts';

/** What a name must be to be told of; nothing: a mailbox, or a level that a pattern asks for. */
export type ListCriterion = 'SUBSCRIBED' | 'SPECIAL-USE';

interface ListQuery {
  readonly patterns: readonly ListPattern[];
  /** Of the names, those that a pattern matches. */
  readonly matched: ReadonlySet<string>;
  readonly criteria: readonly ListCriterion[];
  /** RECURSIVEMATCH. */
  readonly recursive: boolean;
}

/** What is known of a name: of a mailbox, of a level above one, or of something that is only subscribed to. */
export interface ListedName {
  readonly name: string;
  /** False where there is no mailbox of this name. */
  readonly exists: boolean;
  readonly hasChildren: boolean;
  readonly subscribed: boolean;
  readonly specialUse: readonly SpecialUse[];
}

export interface Listed extends ListedName {
  /** It satisfies the criteria itself. */
  readonly selected: boolean;
  /** Something below it satisfies them. */
  readonly childInfo: boolean;
}

/** All names there are: mailboxes with the levels above them, and names subscribed to, with the levels above those. */
export function allNames(mailboxes: readonly MailboxInfo[], subscriptions: readonly string[]): Map<string, ListedName> {
  const names = new Map<string, ListedName>();
  const absent = { exists: false, hasChildren: false, specialUse: [] };
  for (const name of subscriptions) {
    for (const level of parentsOf(name)) names.set(level, { name: level, subscribed: false, ...absent });
  }
  for (const name of subscriptions) names.set(name, { name, subscribed: true, ...absent });
  for (const { name, selectable: exists, hasChildren, subscribed, specialUse } of mailboxes)
    names.set(name, { name, exists, hasChildren, subscribed, specialUse });
  return names;
}

/** What is to be told of these names, INBOX first. */
export function selectNames(names: ReadonlyMap<string, ListedName>, query: ListQuery): Listed[] {
  const selected = [...names.values()].filter((name) => isSelected(name, query));
  const told = new Set(selected.map(({ name }) => name).filter((name) => query.matched.has(name)));
  const above = query.recursive ? selected.flatMap(({ name }) => parentsOf(name)) : [];
  const aboveHidden = query.recursive
    ? selected.flatMap(({ name }) => (query.matched.has(name) ? [] : parentsOf(name)))
    : [];
  for (const name of aboveHidden) if (query.matched.has(name)) told.add(name);
  const satisfying = new Set(selected.map(({ name }) => name));
  const parents = new Set(above);
  return [...told].sort(inboxFirst).flatMap((name) => {
    const known = names.get(name);
    return known === undefined ? [] : [{ ...known, selected: satisfying.has(name), childInfo: parents.has(name) }];
  });
}

function isSelected(name: ListedName, { criteria, patterns }: ListQuery): boolean {
  if (criteria.length > 0) return criteria.every((criterion) => meets(name, criterion));
  if (name.exists) return true;
  return name.hasChildren && patterns.some((pattern) => pattern.levels && pattern.matches(name.name));
}

const meets = ({ subscribed, specialUse }: ListedName, criterion: ListCriterion): boolean =>
  criterion === 'SUBSCRIBED' ? subscribed : specialUse.length > 0;

function inboxFirst(a: string, b: string): number {
  if (a === 'INBOX' || b === 'INBOX') return a === b ? 0 : a === 'INBOX' ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
