/** LIST and LSUB (RFC 9051 §6.3.9, RFC 5258, RFC 5819, RFC 6154 §2, RFC 3501 §6.3.9). */
import { type ListPattern, listPattern, parentsOf } from '../mailbox/list-pattern.ts';
import { allNames, type ListCriterion, type Listed, type ListedName, selectNames } from '../mailbox/listing.ts';
import { DELIMITER, type MailboxName, type MailStore, parseMailboxName, type StoreResult } from '../mailbox/store.ts';
import type { CommandOf, StatusItem } from '../wire/command.ts';
import type { Response } from '../wire/response.ts';
import { type Context, type Outcome, ok, type SignedIn } from './context.ts';
import { statusOf } from './status.ts';
import { refused } from './store-error.ts';

type ListResponse = Response & { readonly type: 'list' | 'lsub' };
type StatusResponse = Response & { readonly type: 'status' };

const CRITERIA: readonly ListCriterion[] = ['SUBSCRIBED', 'SPECIAL-USE'];

export async function* list(
  context: Context,
  command: CommandOf<'LIST'>,
  { mail }: SignedIn,
): AsyncGenerator<Response, Outcome, void> {
  const { extended, reference, selection, returns } = command;
  const criteria = CRITERIA.filter((criterion) => selection.includes(criterion));
  const recursive = selection.includes('RECURSIVEMATCH');
  if (!extended && command.patterns[0] === '') {
    yield { ...line('list', rootOf(reference)), attributes: ['\\Noselect'] };
    return ok('LIST completed.');
  }
  const { store } = mail.value;
  const names = await namesOf(store, criteria);
  if (!names.ok) return refused(names.error);
  const patterns = command.patterns.filter((text) => text !== '').map((text) => listPattern(reference, text));
  const matched = await matching(context, names.value.keys(), patterns);
  const chosen = selectNames(names.value, { patterns, matched, criteria, recursive });
  const style = {
    nonExistent: extended || context.session.rev2,
    subscribed: returns.subscribed || criteria.includes('SUBSCRIBED'),
    criteria,
  };
  for (const name of chosen) {
    await context.breathe();
    const told = await withStatus(context, store, name, returns.status);
    if (!told.ok) return refused(told.error);
    yield listed(told.value.name, style);
    if (told.value.status !== undefined) yield told.value.status;
  }
  return ok('LIST completed.');
}

/** The names that there are, as far as the criteria ask for them. */
async function namesOf(
  store: MailStore,
  criteria: readonly ListCriterion[],
): Promise<StoreResult<Map<string, ListedName>>> {
  const mailboxes = await store.list();
  if (!mailboxes.ok || !criteria.includes('SUBSCRIBED'))
    return mailboxes.ok ? { ok: true, value: allNames(mailboxes.value, []) } : mailboxes;
  const subscriptions = await store.subscriptions();
  return subscriptions.ok ? { ok: true, value: allNames(mailboxes.value, subscriptions.value) } : subscriptions;
}

/** Those that a pattern matches. Others run in between: names and patterns may be many. */
async function matching(
  context: Context,
  names: Iterable<string>,
  patterns: readonly ListPattern[],
): Promise<Set<string>> {
  const matched = new Set<string>();
  for (const name of names) {
    if (patterns.some((pattern) => pattern.matches(name))) matched.add(name);
    await context.breathe();
  }
  return matched;
}

/**
 * A name with its STATUS, where it was asked for and the name is a mailbox that satisfies the criteria itself (RFC 5819
 * §2). A mailbox that went meanwhile is told as what it is now. Other trouble costs the STATUS response, not the LIST.
 */
async function withStatus(
  context: Context,
  store: MailStore,
  name: Listed,
  items: readonly StatusItem[] | undefined,
): Promise<StoreResult<{ readonly name: Listed; readonly status?: StatusResponse }>> {
  const mailbox = parseMailboxName(name.name);
  if (items === undefined || !name.exists || !name.selected || !mailbox.ok) return { ok: true, value: { name } };
  const status = await statusOf(context, store, mailbox.value, items);
  if (status.ok) return { ok: true, value: { name, status: status.value } };
  if (status.error.code === 'index-replaced') return status;
  if (status.error.code === 'no-such-mailbox') return { ok: true, value: { name: { ...name, exists: false } } };
  context.report(`The status of a mailbox could not be told in a list: ${status.error.code}.`);
  return { ok: true, value: { name } };
}

/** What the client has said that it understands and wants to know. */
interface Style {
  /** \NonExistent, which tells more than \Noselect (RFC 5258 §3). */
  readonly nonExistent: boolean;
  readonly subscribed: boolean;
  readonly criteria: readonly ListCriterion[];
}

function listed(name: Listed, style: Style): ListResponse {
  const response = { ...line('list', name.name), attributes: attributesOf(name, style) };
  return name.childInfo ? { ...response, childInfo: style.criteria } : response;
}

/** Children and special uses are always told: they cost nothing here (RFC 3348 §4, RFC 6154 §2). */
function attributesOf({ name, exists, hasChildren, subscribed, specialUse }: ListedName, style: Style): string[] {
  const attributes = exists ? [] : [style.nonExistent ? '\\NonExistent' : '\\Noselect'];
  attributes.push(hasChildren ? '\\HasChildren' : '\\HasNoChildren');
  // No name below it is short enough for the file system.
  if (!hasChildren && !parseMailboxName(`${name}${DELIMITER}a`).ok) attributes.push('\\Noinferiors');
  if (style.subscribed && subscribed) attributes.push('\\Subscribed');
  return [...attributes, ...specialUse];
}

function line(type: 'list' | 'lsub', mailbox: string): ListResponse {
  return { type, attributes: [], delimiter: DELIMITER, mailbox };
}

/**
 * The LIST response that a command other than LIST sends of a mailbox to a session of IMAP4rev2 (RFC 9051 §6.3.2, §6.3.6);
 * `oldName` is what the client called it. Undefined where it cannot be told, which is no reason to fail.
 */
export async function listOf(store: MailStore, mailbox: MailboxName, oldName?: string): Promise<Response | undefined> {
  const mailboxes = await store.list();
  const info = mailboxes.ok ? mailboxes.value.find(({ name }) => name === mailbox) : undefined;
  if (info === undefined) return undefined;
  const style = { nonExistent: true, subscribed: true, criteria: [] };
  const response = { ...line('list', mailbox), attributes: attributesOf({ ...info, exists: info.selectable }, style) };
  return oldName === undefined ? response : { ...response, oldName };
}

/** The level of hierarchy that a reference starts with: what LIST with an empty pattern asks for. */
function rootOf(reference: string): string {
  const end = reference.indexOf(DELIMITER);
  return end === -1 ? '' : reference.slice(0, end + 1);
}

export async function* lsub(
  context: Context,
  command: CommandOf<'LSUB'>,
  { mail }: SignedIn,
): AsyncGenerator<Response, Outcome, void> {
  const names = await mail.value.store.subscriptions();
  if (!names.ok) return refused(names.error);
  const pattern = listPattern(command.reference, command.pattern);
  const subscribed = new Set<string>(names.value);
  for (const name of await matching(context, subscribed, [pattern])) yield line('lsub', name);
  // `%` shows the level above a subscribed name too (RFC 3501 §6.3.9).
  const above = new Set(pattern.levels ? names.value.flatMap(parentsOf) : []);
  for (const name of await matching(context, above, [pattern]))
    if (!subscribed.has(name)) yield { ...line('lsub', name), attributes: ['\\Noselect'] };
  return ok('LSUB completed.');
}
