// Messages for tests: a selection of the project's own making, always there, and the real ones of SCORPIOX_TEST_MAIL.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { splitMbox } from './mbox.ts';
import { ROOT } from './process.ts';

export interface TestMessage {
  readonly name: string;
  readonly bytes: Buffer;
}

const OWN = join(ROOT, 'apps/imap/tests/messages');

function filesOf(folder: string, ending: string): TestMessage[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));
}

function realMail(): TestMessage[] {
  const folder = process.env.SCORPIOX_TEST_MAIL;
  if (folder === undefined || !existsSync(folder)) {
    if (process.env.SCORPIOX_REQUIRE_ALL === '1') throw new Error('SCORPIOX_TEST_MAIL names no folder of messages');
    return [];
  }
  const mailboxes = filesOf(join(folder, 'mbox'), '.mbox').flatMap(({ name, bytes }) =>
    splitMbox(bytes).map((message, index) => ({ name: `${name}#${index + 1}`, bytes: message })),
  );
  return [...filesOf(join(folder, 'eml'), '.eml'), ...mailboxes];
}

/** Every message that the tests know, with a name to tell it by. An empty file is no message: delivery refuses it. */
export function testMessages(): TestMessage[] {
  return [...filesOf(OWN, '.eml'), ...realMail()].filter(({ bytes }) => bytes.length > 0);
}

/** Line ends as IMAP sends them: a line feed without a carriage return gets one; nothing else changes. */
export function withCrlf(bytes: Uint8Array): Buffer {
  const out: number[] = [];
  bytes.forEach((byte, index) => {
    if (byte === 0x0a && bytes[index - 1] !== 0x0d) out.push(0x0d);
    out.push(byte);
  });
  return Buffer.from(out);
}
