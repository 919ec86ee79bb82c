/** The `subscriptions` file, as Dovecot keeps it: one name a line, in modified UTF-7. */
import { join } from 'node:path';
import type { MailboxName } from '../api.ts';
import type { StoreContext } from '../context.ts';
import { checkMailboxName, decodeUtf7, encodeUtf7, parseMailboxName } from '../names/mailbox-name.ts';

export const SUBSCRIPTIONS_FILE = 'subscriptions';
/** Courier's: one name a line, in modified UTF-7, everything below `INBOX.`. */
const COURIER_FILE = 'courierimapsubscribed';

/** Dovecot's second format: this line, an empty one, then levels divided by tabs. */
const VERSION_2 = 'V\t2';

function nameOf(line: string): MailboxName | undefined {
  const text = decodeUtf7(line.replaceAll('\t', '.'));
  const parsed = text === undefined ? undefined : parseMailboxName(text);
  return parsed?.ok === true ? parsed.value : undefined;
}

const linesOf = (context: StoreContext): string[] =>
  linesIn(context.fs.now.readText(join(context.maildir, SUBSCRIPTIONS_FILE)) ?? '');

const linesIn = (text: string): string[] => text.split('\n').filter((line) => line !== '' && line !== VERSION_2);

/** Names subscribed to, sorted; lines that are no names of ours are passed over. */
export const readSubscriptions = (context: StoreContext): MailboxName[] => namesIn(linesOf(context));

/** The same of the file's text. */
export const parseSubscriptions = (text: string): MailboxName[] => namesIn(linesIn(text));

function namesIn(lines: readonly string[]): MailboxName[] {
  const names = lines.map(nameOf);
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}

/** Adds or removes a name; other lines stay as they are. Durable when it resolves. Throws `invalid-name`. */
export async function changeSubscription(context: StoreContext, name: MailboxName, on: boolean): Promise<void> {
  checkMailboxName(name);
  // The index's write lock keeps two processes of ours from overwriting each other's change.
  await context.index.db.write(() => {
    const lines = linesOf(context);
    const others = lines.filter((line) => nameOf(line) !== name);
    if (on === others.length < lines.length) return; // it is so already
    const kept = [...others, ...(on ? [encodeUtf7(name)] : [])];
    context.fs.now.replaceText(
      join(context.maildir, SUBSCRIPTIONS_FILE),
      kept.map((line) => `${line.replaceAll('\t', '.')}\n`).join(''),
    );
  });
}

/** What Courier's line names here; undefined for what lies outside the user's own mail. */
function fromCourier(line: string): string | undefined {
  if (/^INBOX$/i.test(line)) return 'INBOX';
  const below = /^INBOX\.(.+)$/i.exec(line)?.[1];
  return below === undefined || nameOf(below) === undefined ? undefined : below;
}

/** Takes Courier's subscriptions over where there are none yet. */
export async function adoptSubscriptions(context: StoreContext): Promise<void> {
  const { fs, index, maildir, log } = context;
  const [theirs, ours] = [join(maildir, COURIER_FILE), join(maildir, SUBSCRIPTIONS_FILE)];
  if ((await fs.stat(ours)) !== undefined || (await fs.stat(theirs)) === undefined) return;
  await index.db.write(() => {
    if (fs.now.exists(ours)) return;
    const lines = (fs.now.readText(theirs) ?? '').split('\n').map((line) => line.trimEnd());
    const given = lines.filter((line) => line !== '');
    const kept = new Set(given.map(fromCourier).filter((line) => line !== undefined));
    fs.now.replaceText(ours, [...kept].map((line) => `${line}\n`).join(''));
    const left = given.filter((line) => fromCourier(line) === undefined).length;
    if (left === 0) return;
    const message = `${left} names of ${theirs} are no mailboxes of this user and were not taken over.`;
    log({ level: 'warn', code: 'subscriptions-left', message });
  });
}
