/** A store that is closed while messages are being delivered to it. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { INBOX, type NewMessage } from '../src/index.ts';
import { closeQuietly, errorOf, mail, newHome, openInbox, recordsOf, value } from './helpers.ts';

const files = (maildir: string): string[] =>
  ['tmp', 'new', 'cur'].flatMap((part) => readdirSync(join(maildir, part)).map((name) => `${part}/${name}`));

/** Yields what it has, says so, and never comes to an end. */
function endless<T>(...items: readonly T[]) {
  const waiting = Promise.withResolvers<void>();
  async function* yielding(): AsyncGenerator<T> {
    yield* items;
    waiting.resolve();
    await new Promise(() => undefined);
  }
  return { items: yielding(), waiting: waiting.promise };
}

test.each([
  ['a small beginning', [mail('never')]],
  ['more than one chunk', [mail('never'), Buffer.alloc(200_000, 'x'), Buffer.alloc(200_000, 'x')]],
])('closing ends a delivery whose content hangs after %s, and leaves nothing of it', async (_, chunks) => {
  const home = newHome();
  const store = await home.store();
  value(await store.append(INBOX, { content: mail('one') }));
  const { items, waiting } = endless(...chunks);
  const appending = store.append(INBOX, { content: items });
  await waiting;
  await closeQuietly(store);
  const { code, message } = errorOf(await appending);
  expect({ code, message }).toEqual({ code: 'unavailable', message: 'The mail store was closed.' });
  expect(files(home.maildir).map((path) => path.split('/')[0])).toEqual(['new']);
});

test('closing ends several messages at once whose next one does not come: none of them lands', async () => {
  const home = newHome();
  const store = await home.store();
  const { items, waiting } = endless<NewMessage>({ content: mail('one') }, { content: mail('two') });
  const appending = store.appendAll(INBOX, items);
  await waiting;
  await closeQuietly(store);
  expect(errorOf(await appending).code).toBe('unavailable');
  expect(files(home.maildir)).toEqual([]);
});

test('closing waits for deliveries that have all of their content, and answers them', async () => {
  const home = newHome();
  const store = await home.store();
  value(await store.status(INBOX));
  const subjects = Array.from({ length: 30 }, (_, at) => `number ${at}`);
  const inbox = await openInbox(store);
  const appending = subjects.map((subject, at) =>
    at % 2 === 0 ? store.append(INBOX, { content: mail(subject) }) : inbox.append({ content: mail(subject) }),
  );
  // They are under way once their mailbox was found.
  await new Promise<void>((resolve) => setImmediate(resolve));
  await closeQuietly(store);
  const answered = (await Promise.all(appending)).map((result) => value(result).uid);
  expect(new Set(answered).size).toBe(subjects.length);
  const again = await openInbox(await home.store());
  expect((await recordsOf(again)).map(({ uid }) => uid)).toEqual(answered.sort((a, b) => a - b));
});
