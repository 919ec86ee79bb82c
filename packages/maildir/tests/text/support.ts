// What the tests of the text index share: stores that have one, and a reader of messages to compare it with.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { INBOX, type Mailbox, type MaildirStore, type StoreLogEntry, textWorker, type Uid } from '../../src/index.ts';
import {
  createMatcher,
  createStructureParser,
  createTextExtractor,
  headerValues,
  matches,
} from '../../src/mime/index.ts';
import { type Home, value } from '../helpers.ts';

export type Scope = Parameters<Mailbox['findText']>[1];

export const crlf = (text: string): string => text.replace(/\r?\n/g, '\r\n');

/** Opens a store with a text index, whose thread ends with the test. */
export async function textStore(home: Home, program?: URL): Promise<{ store: MaildirStore; said: StoreLogEntry[] }> {
  const text = textWorker(program === undefined ? {} : { program });
  onTestFinished(() => text.close());
  const said: StoreLogEntry[] = [];
  const store = await home.store({ text, log: (entry) => said.push(entry) });
  return { store, said };
}

/** Puts messages into the inbox by files, as another program would. */
export function putFiles(home: Home, messages: readonly (string | Uint8Array)[], prefix = '1'): void {
  for (const folder of ['new', 'cur', 'tmp']) mkdirSync(join(home.maildir, folder), { recursive: true });
  messages.forEach((message, i) => {
    const bytes = typeof message === 'string' ? Buffer.from(message, 'latin1') : message;
    writeFileSync(join(home.maildir, 'cur', `${prefix}${String(i).padStart(6, '0')}.M1P1.host:2,`), bytes);
  });
}

export async function found(mailbox: Mailbox, text: string, scope: Scope = 'text', uids?: Iterable<Uid>) {
  const { hits, unindexed } = value(await mailbox.findText(text, scope, uids === undefined ? {} : { uids }));
  return { hits: [...hits], unindexed: [...unindexed] };
}

/** How many texts of the inbox the text index has. */
export async function indexedInInbox(store: MaildirStore): Promise<number | undefined> {
  return value(await store.textIndex()).mailboxes.find(({ name }) => name === INBOX)?.indexed;
}

/** The answer to a search by reading the message. */
export function reads(message: Buffer, text: string, scope: Scope): boolean {
  const parser = createStructureParser();
  parser.push(message);
  const structure = parser.end();
  if (typeof scope === 'object') {
    const values = headerValues(message.subarray(0, structure.root.header.length), scope.header);
    return text === '' ? values.length > 0 : values.some((one) => matches([one], text));
  }
  const extractor = createTextExtractor(structure, scope);
  const matcher = createMatcher(text);
  return [...extractor.push(message), ...extractor.end()].some((piece) => matcher.push(piece)) || matcher.push('');
}
