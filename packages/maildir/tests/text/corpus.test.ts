// The text index agrees with reading, on real messages.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createTextExtractor } from '../../src/mime/index.ts';
import { newHome, openInbox, value } from '../helpers.ts';
import { structureOf } from '../mime/support.ts';
import { crlf, found, putFiles, reads, type Scope, textStore } from './support.ts';

const folder = process.env.SCORPIOX_TEST_MAIL;
const isThere = folder !== undefined && existsSync(folder);

/** Each message of `eml/` and of the mailboxes in `mbox/`, in CRLF. */
function corpus(root: string): readonly Buffer[] {
  const read = (path: string): string => readFileSync(path, 'latin1');
  const eml = readdirSync(join(root, 'eml')).map((name) => read(join(root, 'eml', name)));
  const mbox = readdirSync(join(root, 'mbox')).flatMap((name) =>
    read(join(root, 'mbox', name))
      .split(/^From [^\r\n]*\r?\n/m)
      .slice(1),
  );
  return [...eml, ...mbox].map((message) => Buffer.from(crlf(message), 'latin1'));
}

/** Some words of a message's text, wherever they stand. */
function wordsOf(message: Buffer): readonly string[] {
  const extractor = createTextExtractor(structureOf(message), 'text');
  const text = [...extractor.push(message), ...extractor.end()].join('');
  const words = text.match(/[\p{L}\p{N}\p{M}]{2,30}/gu) ?? [];
  return words.filter((_, i) => i % Math.ceil(words.length / 5) === 0);
}

const NEEDLES = [
  'the',
  'a',
  'é',
  'http',
  'de',
  'content-type: text',
  'zzzq',
  'Ü',
  '日本',
  '=',
  '\r\n\r\n',
  'com>',
  '<p',
];
const SCOPES: readonly Scope[] = ['body', 'text', { header: 'subject' }, { header: 'From' }, { header: 'x-mailer' }];

it.skipIf(!isThere && process.env.SCORPIOX_REQUIRE_ALL !== '1')(
  'real messages (SCORPIOX_TEST_MAIL names a folder of them)',
  { timeout: 120_000 },
  async () => {
    if (folder === undefined || !isThere) return expect.fail('SCORPIOX_TEST_MAIL names no folder');
    const messages = corpus(folder);
    const home = newHome();
    putFiles(home, messages);
    const { store } = await textStore(home);
    value(await store.buildTextIndex());
    const inbox = await openInbox(store);
    const check = async (text: string, scope: Scope): Promise<void> => {
      const read = messages.flatMap((message, i) => (reads(message, text, scope) ? [i + 1] : []));
      const { hits, unindexed } = await found(inbox, text, scope);
      expect(unindexed.length).toBeLessThanOrEqual(1); // one message has more header fields than are kept
      const all = [...hits, ...unindexed.filter((uid) => read.includes(uid))].sort((a, b) => a - b);
      expect({ text, scope, hits: all }).toEqual({ text, scope, hits: read });
    };
    for (const text of NEEDLES) for (const scope of SCOPES) await check(text, scope);
    for (const [i, message] of messages.entries()) {
      for (const word of wordsOf(message)) {
        const { hits, unindexed } = await found(inbox, word);
        expect({ word, i, isFound: [...hits, ...unindexed].some((uid) => uid === i + 1) }).toEqual({
          word,
          i,
          isFound: true,
        });
      }
    }
  },
);
