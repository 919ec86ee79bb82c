import { createHash } from 'node:crypto';
import { chmod, chown, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { scorpioxHere } from '../support/here.ts';
import { scorpiox, startScorpiox, temporaryFolder } from '../support/scorpiox.ts';

const NOBODY = 65_534;
const MESSAGE = 'From: a@b.example\nSubject: Hello\n\nText\n';

async function withUser(): Promise<{ dataDir: string; maildir: string }> {
  const dataDir = await temporaryFolder();
  const args = ['user', 'add', 'alice', '--password-stdin', '--data-dir', dataDir];
  expect(await scorpioxHere(args, { input: 'secret' })).toMatchObject({ code: 0 });
  return { dataDir, maildir: join(dataDir, 'mail', 'alice', 'Maildir') };
}

const deliver = (dataDir: string, user: string, input: string | Uint8Array, ...more: string[]) =>
  scorpioxHere(['mail', 'deliver', user, '--data-dir', dataDir, ...more], { input });

const deliverAsProcess = (dataDir: string, user: string, input: string | Uint8Array) =>
  scorpiox(['mail', 'deliver', user, '--data-dir', dataDir], { input });

/** Contents of a mailbox's message files. */
async function messagesIn(folder: string): Promise<string[]> {
  const files = await Promise.all(
    ['new', 'cur'].map(async (part) => (await readdir(join(folder, part))).map((file) => join(folder, part, file))),
  );
  return Promise.all(files.flat().map((file) => readFile(file, 'latin1')));
}

it.each([
  ['a message', MESSAGE],
  ['CRLF, no line end at the end', 'A: b\r\n\r\ntext'],
  ['a line "From " of an mbox, bare CR, NUL and 8-bit bytes', 'From x Sat\nA: b\n\n\0\r\xff\xfe.\n.\n'],
])('stores %s byte for byte', async (_, text) => {
  const { dataDir, maildir } = await withUser();
  const bytes = Buffer.from(text, 'latin1');
  expect(await deliverAsProcess(dataDir, 'alice', bytes)).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(await messagesIn(maildir)).toEqual([text]);
  expect(await readdir(join(maildir, 'tmp'))).toEqual([]);
});

it('makes the mailbox that -m names, at any depth, and takes names in any script', async () => {
  const { dataDir, maildir } = await withUser();
  expect(await deliver(dataDir, 'Alice', MESSAGE, '-m', 'Archive.2026')).toMatchObject({ code: 0, stderr: '' });
  expect(await deliver(dataDir, 'alice', MESSAGE, '--mailbox', 'Entwürfe')).toMatchObject({ code: 0 });
  expect(await messagesIn(join(maildir, '.Archive.2026'))).toEqual([MESSAGE]);
  expect(await messagesIn(join(maildir, '.Entw&APw-rfe'))).toEqual([MESSAGE]);
  expect(await messagesIn(maildir)).toEqual([]);
});

it('says 67 for an unknown user and makes nothing, even where there is no installation', async () => {
  const { dataDir } = await withUser();
  const before = await readdir(join(dataDir, 'mail'));
  expect(await deliverAsProcess(dataDir, 'bob', MESSAGE)).toMatchObject({
    code: 67,
    stderr: expect.stringContaining('"bob"'),
  });
  expect(await readdir(join(dataDir, 'mail'))).toEqual(before);
  const nowhere = await temporaryFolder();
  expect(await deliver(nowhere, 'bob', MESSAGE)).toMatchObject({ code: 67 });
  expect(await readdir(nowhere)).toEqual([]);
});

it.each(['../alice', 'alice/../alice', ''])('treats %j as no user, not as a path', async (user) => {
  const { dataDir } = await withUser();
  expect(await deliver(dataDir, user, MESSAGE)).toMatchObject({ code: 67 });
});

it.each([
  'a/b',
  '',
  'a..b',
  '..',
  'x'.repeat(300),
])('says 64 for the mailbox %j and stores nothing', async (mailbox) => {
  const { dataDir, maildir } = await withUser();
  expect(await deliver(dataDir, 'alice', MESSAGE, '-m', mailbox)).toMatchObject({ code: 64 });
  expect(await messagesIn(maildir)).toEqual([]);
});

it('does not store a message of nothing', async () => {
  const { dataDir, maildir } = await withUser();
  expect(await deliver(dataDir, 'alice', '')).toMatchObject({
    code: 64,
    stderr: expect.stringContaining('no message'),
  });
  expect(await messagesIn(maildir)).toEqual([]);
});

it('says 75 when something stands in the way for now, and stores nothing', async () => {
  const { dataDir, maildir } = await withUser();
  await writeFile(join(maildir, '.Blocked'), 'a file where the folder belongs');
  const { code, stderr } = await deliver(dataDir, 'alice', MESSAGE, '-m', 'Blocked');
  expect([75, 77]).toContain(code);
  expect(stderr).toMatch(/^scorpiox: .+\n$/);
});

it('says 77 where it may not write', async () => {
  const { dataDir, maildir } = await withUser();
  await chmod(join(maildir, 'tmp'), 0o500);
  // Nothing stops root from writing: then the tool runs as nobody, and the mail is nobody's.
  const user = process.getuid?.() === 0 ? { uid: NOBODY } : {};
  if (user.uid !== undefined) {
    for (const path of ['', ...(await readdir(dataDir, { recursive: true }))])
      await chown(join(dataDir, path), NOBODY, NOBODY);
  }
  const ended = await scorpiox(['mail', 'deliver', 'alice', '--data-dir', dataDir], { input: MESSAGE, ...user });
  expect(ended).toMatchObject({ code: 77, stdout: '' });
  expect(await messagesIn(maildir)).toEqual([]);
});

it('delivers 12 messages at the same time, each once', async () => {
  const { dataDir, maildir } = await withUser();
  const texts = Array.from({ length: 12 }, (_, i) => `${MESSAGE}${i}\n`);
  for (let start = 0; start < texts.length; start += 4) {
    const ended = await Promise.all(
      texts.slice(start, start + 4).map((text) => deliverAsProcess(dataDir, 'alice', text)),
    );
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  }
  expect((await messagesIn(maildir)).sort()).toEqual([...texts].sort());
});

it('stores 100 MB without holding them in memory', async () => {
  const { dataDir, maildir } = await withUser();
  const line = Buffer.from(`${'0123456789abcdef'.repeat(64)}\n`.repeat(64));
  const count = Math.ceil((100 * 1024 * 1024) / line.length);
  const hash = createHash('sha256');
  // The heap is capped below the message's size: a tool that holds the message dies of it.
  const env = { NODE_OPTIONS: '--max-old-space-size=48' };
  const child = startScorpiox(['mail', 'deliver', 'alice', '--data-dir', dataDir], { env });
  const peak = watchPeakMemory(child.pid ?? 0);
  const ended = new Promise((resolve) => child.once('close', resolve));
  const body = function* () {
    for (let i = 0; i < count; i++) {
      hash.update(line);
      yield line;
    }
  };
  Readable.from(body(), { objectMode: false }).pipe(child.stdin);
  expect(await ended).toBe(0);
  expect(await peak()).toBeLessThan(200 * 1024);
  const [file] = await readdir(join(maildir, 'new'));
  const stored = await readFile(join(maildir, 'new', file ?? ''));
  expect(createHash('sha256').update(stored).digest('hex')).toBe(hash.digest('hex'));
}, 60_000);

/** Watches a process's highest resident size (VmHWM, KiB), which only /proc tells; 0 where there is none. */
function watchPeakMemory(pid: number): () => Promise<number> {
  let highest = 0;
  let done = false;
  const watching = (async () => {
    while (!done) {
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
      highest = Math.max(highest, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  return async () => {
    done = true;
    await watching;
    return highest;
  };
}
