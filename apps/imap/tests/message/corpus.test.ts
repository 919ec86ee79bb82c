import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTextExtractor } from '@scorpiox/maildir/mime';
import { describe, expect, it } from 'vitest';
import { crlf, expectSound, octets, structureInChunks, structureOf } from './support.ts';

const folder = process.env.SCORPIOX_TEST_MAIL;

/** Each message of `eml/` and of the mailboxes in `mbox/`, in CRLF. */
function corpus(root: string): readonly { readonly name: string; readonly message: string }[] {
  const read = (path: string): string => readFileSync(path, 'latin1');
  const eml = readdirSync(join(root, 'eml')).map((name) => ({ name, message: crlf(read(join(root, 'eml', name))) }));
  const mbox = readdirSync(join(root, 'mbox')).flatMap((name) =>
    read(join(root, 'mbox', name))
      .split(/^From [^\r\n]*\r?\n/m)
      .slice(1)
      .map((message, i) => ({ name: `${name} ${i + 1}`, message: crlf(message) })),
  );
  return [...eml, ...mbox];
}

describe('real messages (SCORPIOX_TEST_MAIL)', () => {
  if (folder === undefined || !existsSync(folder)) {
    it.skipIf(process.env.SCORPIOX_REQUIRE_ALL !== '1')(
      'needs SCORPIOX_TEST_MAIL to name a folder of test mail',
      () => {
        expect.fail('SCORPIOX_TEST_MAIL names no folder');
      },
    );
    return;
  }
  it.each(corpus(folder))('$name has a sound structure and searchable text', ({ message }) => {
    const all = octets(message);
    const structure = structureOf(message);
    expectSound(structure);
    const places = Array.from({ length: Math.floor(all.length / 997) }, (_, i) => (i + 1) * 997);
    expect(structureInChunks(all, places)).toEqual(structure);
    const extractor = createTextExtractor(structure, 'text');
    const whole = [...extractor.push(all), ...extractor.end()].join('');
    const inPieces = createTextExtractor(structure, 'text');
    const pieces = Array.from({ length: Math.ceil(all.length / 997) }, (_, i) =>
      inPieces.push(all.slice(i * 997, (i + 1) * 997)),
    );
    expect([...pieces.flat(), ...inPieces.end()].join('')).toBe(whole);
  });
});
