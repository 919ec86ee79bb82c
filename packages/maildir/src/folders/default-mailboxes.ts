/**
 * The mailboxes that a new account has, once: a mark in the store's annotations keeps one that its owner deleted from
 * coming back. Who dies in the midst of it leaves a mark that lets the next one go on. An account that has mailboxes
 * already was brought from elsewhere: it gets no new ones, but those with well-known names get their special uses.
 */
import type { MailboxInfo, MailboxName, MailStore, SpecialUse, StoreResult } from '../api.ts';
import { must, StoreFailure } from '../errors.ts';
import { toMailboxName } from '../names/ids.ts';
import { INBOX } from '../names/mailbox-name.ts';
import { formatSpecialUse, SPECIAL_USE } from '../names/special-use.ts';

const DEFAULTS: readonly (readonly [MailboxName, SpecialUse])[] = [
  [toMailboxName('Drafts'), '\\Drafts'],
  [toMailboxName('Sent'), '\\Sent'],
  [toMailboxName('Junk'), '\\Junk'],
  [toMailboxName('Trash'), '\\Trash'],
  [toMailboxName('Archive'), '\\Archive'],
];

/** In the store's annotations: how far this is. */
const MARK = '/private/vendor/scorpiox/default-mailboxes';
type Progress = 'making' | 'made';

/**
 * Makes the default mailboxes of a new account, with their special uses and subscribed; of any other account this costs one
 * look at the index. Call it whenever a user's store has been opened. Its failure is no reason to refuse the mail: log it.
 */
export async function makeDefaultMailboxes(store: MailStore): Promise<StoreResult<void>> {
  try {
    const progress = await progressOf(store);
    if (progress === 'made') return { ok: true, value: undefined };
    const mailboxes = must(await store.list());
    const isNew = progress === 'making' || mailboxes.every(({ name }) => name === INBOX);
    if (isNew) await make(store, mailboxes);
    else await designate(store, mailboxes);
    await mark(store, 'made');
    return { ok: true, value: undefined };
  } catch (error) {
    if (error instanceof StoreFailure) return { ok: false, error: { code: error.code, message: error.message } };
    throw error;
  }
}

async function progressOf(store: MailStore): Promise<Progress | undefined> {
  const found = must(await store.metadata(undefined)).find(({ entry }) => entry === MARK);
  if (found === undefined) return undefined;
  return Buffer.from(found.value).toString('latin1') === 'making' ? 'making' : 'made';
}

async function mark(store: MailStore, progress: Progress): Promise<void> {
  must(await store.setMetadata(undefined, [{ entry: MARK, value: Buffer.from(progress, 'latin1') }]));
}

async function make(store: MailStore, mailboxes: readonly MailboxInfo[]): Promise<void> {
  await mark(store, 'making');
  for (const [name, use] of DEFAULTS) {
    if (!mailboxes.some((mailbox) => mailbox.name === name && mailbox.selectable)) {
      const created = await store.create(name, use);
      // Another process does the same at the same time.
      if (!created.ok && created.error.code !== 'mailbox-exists') must(created);
    }
  }
  for (const name of [INBOX, ...DEFAULTS.map(([name]) => name)]) must(await store.subscribe(name, true));
}

/** Gives special uses that no mailbox has to the mailboxes that bear their names. */
async function designate(store: MailStore, mailboxes: readonly MailboxInfo[]): Promise<void> {
  const given = new Set(mailboxes.flatMap(({ specialUse }) => specialUse));
  for (const { name, selectable, specialUse } of mailboxes) {
    const use = DEFAULTS.find(([known]) => known === name)?.[1];
    if (use === undefined || !selectable || given.has(use) || specialUse.length > 0) continue;
    const value = formatSpecialUse([use]);
    const set = await store.setMetadata(name, [{ entry: SPECIAL_USE, value }]);
    if (!set.ok && set.error.code !== 'no-such-mailbox') must(set); // it was deleted meanwhile
  }
}
