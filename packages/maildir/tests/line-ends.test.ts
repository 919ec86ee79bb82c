import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { endsWithCr, SizeCounter, toCrlf } from '../src/content/line-ends.ts';
import { INBOX } from '../src/index.ts';
import { mail, newHome, onlyFile, openInbox, recordsOf, statesOf, value } from './helpers.ts';

/** The definition, as simple as it can be said. */
const reference = (text: string): string => text.replace(/(?<!\r)\n/g, '\r\n');

const messages = fc.array(fc.constantFrom('\r', '\n', '\r\n', '\n\n', 'a', 'text', '.'), { maxLength: 60 });

test('the view over any split of the bytes is the reference normalisation', () => {
  fc.assert(
    fc.property(fc.array(messages, { maxLength: 6 }), (parts) => {
      const chunks = parts.map((part) => Buffer.from(part.join('')));
      const shown: Uint8Array[] = [];
      const counter = new SizeCounter();
      let afterCr = false;
      for (const chunk of chunks) {
        shown.push(toCrlf(chunk, afterCr));
        afterCr = endsWithCr(chunk, afterCr);
        counter.add(chunk);
      }
      const expected = reference(Buffer.concat(chunks).toString());
      expect(Buffer.concat(shown).toString()).toBe(expected);
      expect(counter.virtualSize).toBe(expected.length);
    }),
  );
});

test('any part of any message is that part of the normalised message, and the file keeps its bytes', async () => {
  const store = await newHome().store();
  const inbox = await openInbox(store);
  await fc.assert(
    fc.asyncProperty(messages, fc.nat(80), fc.nat(80), async (parts, start, length) => {
      const text = parts.join('');
      const { uid } = value(await inbox.append({ content: Buffer.from(text) }));
      const content = value(await inbox.open(uid));
      const expected = reference(text);
      expect(content.size).toBe(expected.length);
      expect(Buffer.from(await content.read()).toString()).toBe(expected);
      expect(Buffer.from(await content.read(start, length)).toString()).toBe(expected.slice(start, start + length));
      await content.close();
    }),
    { numRuns: 40 },
  );
});

test('a large message is streamed in bounded chunks, and parts far inside it are right in any order', async () => {
  const inbox = await openInbox(await newHome().store());
  const text = Array.from({ length: 40_000 }, (_, line) => `line ${line}${line % 3 === 0 ? '\r\n' : '\n'}`).join('');
  const { uid } = value(await inbox.append({ content: Buffer.from(text) }));
  const expected = reference(text);
  const content = value(await inbox.open(uid));
  for (const start of [expected.length - 10, 65_535, 65_536, 65_537, 200_000, 0, 131_073]) {
    const part = Buffer.from(await content.read(start, 1000)).toString();
    expect(part).toBe(expected.slice(start, start + 1000));
  }
  const chunks: Buffer[] = [];
  for await (const chunk of content.stream()) {
    expect(chunk.length).toBeLessThanOrEqual(64 * 1024);
    chunks.push(Buffer.from(chunk));
  }
  expect(Buffer.concat(chunks).toString()).toBe(expected);
  await content.close();
});

test('names that lie about sizes do not make the content wrong', async () => {
  const home = newHome();
  const store = await home.store();
  // S= is right and W= plausible, but it is not the size of the view.
  writeFileSync(join(home.maildir, 'new', '1700000000.lie.host,S=4,W=5'), 'a\nb\n');
  const inbox = await openInbox(store);
  const [record] = statesOf(inbox);
  if (record === undefined) throw new Error('The message is missing.');
  const content = value(await inbox.open(record.uid));
  expect(content.size).toBe(6);
  expect(Buffer.from(await content.read()).toString()).toBe('a\r\nb\r\n');
  await content.close();
  expect((await recordsOf(inbox))[0]?.size).toBe(6);
});

test('a message that somebody changed behind our back is measured anew', async () => {
  const home = newHome();
  const store = await home.store();
  value(await store.append(INBOX, { content: mail('one') }));
  const inbox = await openInbox(store);
  appendFileSync(join(home.maildir, 'cur', onlyFile(join(home.maildir, 'cur'))), 'more\n');
  const [record] = statesOf(inbox);
  if (record === undefined) throw new Error('The message is missing.');
  const content = value(await inbox.open(record.uid));
  const bytes = await content.read();
  expect(bytes.length).toBe(content.size);
  expect(Buffer.from(bytes).toString().endsWith('more\r\n')).toBe(true);
  await content.close();
});
