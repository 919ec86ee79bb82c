/** `kill -9` of imports and exports at random points: what comes over afterwards is all of it, and each message once. */
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openMboxSource } from '../../src/ops/transfer/mbox/source.ts';
import { hashOf, installation } from './support.ts';

const CHILD = fileURLToPath(new URL('killed-transfer.ts', import.meta.url));
const USERS = ['u0', 'u1', 'u2', 'u3', 'u4', 'u5'];
const ROUNDS = 4;
/** Of each mailbox and round. */
const MESSAGES = 10;
const NOV = 'Thu Nov 28 22:08:00 2026';

/** Runs the transfers until so many messages have come by, and kills them then. */
async function runUntil(mode: string, dataDir: string, place: string, messages: number): Promise<string> {
  const child = spawn(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    CHILD,
    mode,
    dataDir,
    place,
    ...USERS,
  ]);
  let [heard, said] = [0, ''];
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  createInterface({ input: child.stdout }).on('line', () => {
    heard += 1;
    if (heard === messages) child.kill('SIGKILL');
  });
  await new Promise((resolve) => child.once('close', resolve));
  return said;
}

it('killed anywhere, it goes on when it is done again, and nothing is lost or there twice', async () => {
  const { home, dataDir, mailOf, run } = await installation(...USERS);
  const source = join(home, 'Mail');
  await mkdir(source);
  const expected = new Map<string, string[]>();
  const add = (mailbox: string, content: string) => expected.set(mailbox, [...(expected.get(mailbox) ?? []), content]);
  const points = fc.sample(fc.integer({ min: 1, max: 2 * MESSAGES * USERS.length }), { seed: 7, numRuns: ROUNDS });
  for (const [round, point] of points.entries()) {
    // Each round brings more of it: many small messages, some of them equal, and one that is streamed.
    for (let at = 0; at < MESSAGES; at += 1) {
      for (const mailbox of ['INBOX', 'Work'])
        add(mailbox, `Subject: ${at % 5 === 0 ? 'same' : `${round} ${at}`}\n\nx\n`);
    }
    add('Work', `Subject: large ${round}\n\n${'x'.repeat(1_200_000)}\n`);
    for (const [mailbox, contents] of expected) {
      const text = contents.map((content) => `From a@b ${NOV}\n${content}\n`).join('');
      await writeFile(join(source, mailbox), text);
    }
    expect(await runUntil('import', dataDir, source, point)).toBe('');
  }
  expect(await runUntil('import', dataDir, source, Number.POSITIVE_INFINITY)).toBe('');
  for (const user of USERS) {
    const mail = await mailOf(user);
    for (const [mailbox, contents] of expected) {
      const hashes = mail[mailbox]?.map(({ hash }) => hash).sort();
      expect(hashes, `${mailbox} of ${user}`).toEqual(contents.map((one) => hashOf(Buffer.from(one))).sort());
    }
    const again = await run(['mail', 'import', user, source, '--json']);
    expect(again).toMatchObject({ code: 0 });
  }
  const out = join(home, 'out');
  for (const point of points.slice(0, 2)) expect(await runUntil('export', dataDir, out, point)).toBe('');
  expect(await runUntil('export', dataDir, out, Number.POSITIVE_INFINITY)).toBe('');
  for (const user of USERS) {
    for (const [mailbox, contents] of expected) {
      const hashes = (await readMbox(join(out, user, `${mailbox}.mbox`))).sort();
      expect(hashes, `${mailbox}.mbox of ${user}`).toEqual(contents.map((one) => hashOf(Buffer.from(one))).sort());
    }
  }
}, 120_000);

async function readMbox(file: string): Promise<string[]> {
  const never = new AbortController().signal;
  const source = await openMboxSource(file, 'auto', never);
  const hashes: string[] = [];
  for (const folder of source.ok ? source.value.folders : []) {
    for await (const message of folder.read(never, () => true)) {
      if (message.kind === 'message') hashes.push(hashOf(await buffer(message.open())));
    }
  }
  return hashes;
}
