/** The `subscriptions` file, as Dovecot keeps it: one name a line, in modified UTF-7. */
import { join } from 'node:path';
import type { MailboxName } from './api.ts';
import type { StoreContext } from './context.ts';
import { decodeUtf7, encodeUtf7, parseMailboxName } from './mailbox-name.ts';

const FILE = 'subscriptions';

/** Dovecot's second format: this line, an empty one, then levels divided by tabs. */
const VERSION_2 = 'V\t2';

function nameOf(line: string): MailboxName | undefined {
  const text = decodeUtf7(line.replaceAll('\t', '.'));
  const parsed = text === undefined ? undefined : parseMailboxName(text);
  return parsed?.ok === true ? parsed.value : undefined;
}

const linesOf = (context: StoreContext): string[] =>
  (context.fs.now.readText(join(context.maildir, FILE)) ?? '')
    .split('\n')
    .filter((line) => line !== '' && line !== VERSION_2);

/** Names subscribed to, sorted; lines that are no names of ours are passed over. */
export function readSubscriptions(context: StoreContext): MailboxName[] {
  const names = linesOf(context).map(nameOf);
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}

/** Adds or removes a name; other lines stay as they are. Durable when it resolves. */
export async function changeSubscription(context: StoreContext, name: MailboxName, on: boolean): Promise<void> {
  // The index's write lock keeps two processes of ours from overwriting each other's change.
  await context.index.db.write(() => {
    const lines = linesOf(context);
    const others = lines.filter((line) => nameOf(line) !== name);
    if (on === others.length < lines.length) return; // it is so already
    const kept = [...others, ...(on ? [encodeUtf7(name)] : [])];
    context.fs.now.replaceText(
      join(context.maildir, FILE),
      kept.map((line) => `${line.replaceAll('\t', '.')}\n`).join(''),
    );
  });
}
