/** Annotations of mailboxes and of the store (RFC 5464), and the special uses that one of them holds (RFC 6154 §5.4). */
import type { MailboxName, Metadata } from '../api.ts';
import type { StoreContext } from '../context.ts';
import { folderGone, StoreFailure } from '../errors.ts';
import { MAX_METADATA_ENTRIES, MAX_METADATA_ENTRY, MAX_METADATA_VALUE } from '../limits.ts';
import { formatSpecialUse, parseSpecialUse, SPECIAL_USE } from '../names/special-use.ts';
import { findFolder } from './folders.ts';

/** One change: a value of undefined removes the entry. */
export interface MetadataChange {
  readonly entry: string;
  readonly value: Uint8Array | undefined;
}

/** RFC 5464 §3.2: at least one component below `/private` or `/shared`, of printable ASCII without `*` and `%`. */
const ENTRY = /^\/(?:private|shared)(?:\/[\x20-$&-)+-.0-~]+)+$/i;

/** An entry name in the form that is kept; throws `invalid-name`. */
function checkEntry(entry: string): string {
  const name = entry.toLowerCase();
  if (name.length > MAX_METADATA_ENTRY) {
    throw new StoreFailure('invalid-name', `An annotation's name is longer than ${MAX_METADATA_ENTRY} bytes.`);
  }
  // As it was given: a letter beyond ASCII may become an ASCII one in lower case (the sign for kelvin does).
  if (!ENTRY.test(entry)) {
    const form = '"/private/" or "/shared/" and levels of ASCII divided by "/", without "*" and "%"';
    throw new StoreFailure('invalid-name', `An annotation's name has to be ${form}.`);
  }
  return name;
}

function checkSpecialUse(mailbox: MailboxName | undefined, value: Uint8Array): Uint8Array {
  if (mailbox === undefined) {
    throw new StoreFailure('invalid-name', 'A special use belongs to a mailbox, not to the store.');
  }
  const uses = parseSpecialUse(value);
  if (uses === undefined) {
    const known = '\\Archive, \\Drafts, \\Junk, \\Sent and \\Trash';
    throw new StoreFailure('invalid-name', `The special uses that a mailbox can have are ${known}.`);
  }
  return formatSpecialUse(uses);
}

function check(mailbox: MailboxName | undefined, change: MetadataChange): MetadataChange {
  const entry = checkEntry(change.entry);
  const { value } = change;
  if (value === undefined) return { entry, value };
  if (value.length > MAX_METADATA_VALUE) {
    throw new StoreFailure('too-large', `An annotation cannot hold more than ${MAX_METADATA_VALUE} bytes.`);
  }
  return { entry, value: entry === SPECIAL_USE ? checkSpecialUse(mailbox, value) : value };
}

/** The annotations of a mailbox, or of the store; throws `no-such-mailbox`. */
export async function readMetadata(context: StoreContext, name: MailboxName | undefined): Promise<Metadata[]> {
  const id = name === undefined ? undefined : (await findFolder(context, name)).id;
  return context.index.metadata.all(id);
}

/**
 * Sets annotations, all or none. Throws `invalid-name` for an entry name or a special use that cannot be, `too-large` for a
 * value above the limit, and `not-permitted` where there would be too many.
 */
export async function changeMetadata(
  context: StoreContext,
  name: MailboxName | undefined,
  changes: readonly MetadataChange[],
): Promise<void> {
  const { index } = context;
  const checked = changes.map((change) => check(name, change));
  const folder = name === undefined ? undefined : await findFolder(context, name);
  await index.db.write(() => {
    if (folder !== undefined && index.mailboxes.byId(folder.id)?.folder !== folder.name) throw folderGone();
    for (const { entry, value } of checked) {
      if (value === undefined) index.metadata.remove(folder?.id, entry);
      else index.metadata.set(folder?.id, entry, value);
    }
    if (index.metadata.count(folder?.id) > MAX_METADATA_ENTRIES) {
      const holder = folder === undefined ? 'The store' : 'A mailbox';
      throw new StoreFailure('not-permitted', `${holder} cannot have more than ${MAX_METADATA_ENTRIES} annotations.`);
    }
    index.facts.set('metadata', String(Number(index.facts.get('metadata') ?? 0) + 1));
  });
  if (folder !== undefined) index.committed(folder.id);
}
