/** A disk that is really full under sessions that are open: refusals, in step with the stream, and everything goes on after. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { startServer } from '../support/server.ts';

function mount(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'imap-full-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m,mode=700', 'tmpfs', folder]).status === 0;
  if (!mounted) rmSync(folder, { recursive: true });
  return mounted ? folder : undefined;
}

function unmount(folder: string): void {
  spawnSync('umount', [folder]);
  rmSync(folder, { recursive: true, force: true });
}

function canMount(): boolean {
  const folder = mount();
  if (folder !== undefined) unmount(folder);
  return folder !== undefined;
}

const testFull = test.skipIf(!canMount() && process.env.SCORPIOX_REQUIRE_ALL !== '1');

/** Takes all room but so many pages of 4 KiB. */
function fill(disk: string, left: number): void {
  const file = openSync(join(disk, 'filler'), 'w');
  for (let free = statfsSync(disk).bavail; free > left; free -= 1) writeSync(file, Buffer.alloc(4096));
  closeSync(file);
}

/** What a command came to, with NOOP behind it in the same packet. */
async function answer(client: Client, command: string): Promise<string> {
  client.send(`o ${command}\r\nn NOOP\r\n`);
  const said = await client.until('n ');
  expect(said.at(-1)).toMatch(/^n OK/);
  return said.find((line) => line.startsWith('o ')) ?? '';
}

const message = (subject: string) => `Subject: ${subject}\r\n\r\n${`${'x'.repeat(76)}\r\n`.repeat(1000)}`;
const append = (subject: string) => `APPEND INBOX {${message(subject).length}+}\r\n${message(subject)}`;

testFull.each([0, 1, 3, 8, 30])('a disk with %i pages left (needs mount, as root)', async (left) => {
  const disk = mount();
  if (disk === undefined) throw new Error('A small file system cannot be mounted.');
  onTestFinished(() => unmount(disk));
  const folder = join(disk, 'data');
  mkdirSync(folder);
  const server = await startServer(undefined, undefined, undefined, folder);
  onTestFinished(() => server.stop());
  const [client, idle] = [await server.signIn('ann'), await server.signIn('ann')];
  await client.ok('CREATE Archive');
  for (const subject of ['one', 'two', 'three']) expect(await client.append('INBOX', message(subject))).toMatch(/^OK/);
  for (const each of [client, idle]) await each.ok('SELECT INBOX');
  idle.send('i IDLE\r\n');
  await idle.until('+');

  fill(disk, left);
  let stored = 3;
  for (let n = 0; n < 3; n += 1) {
    const said = await answer(client, append('four'));
    expect(said).toMatch(/^o (OK|NO \[UNAVAILABLE\])/);
    if (said.startsWith('o OK')) stored += 1;
    const command = ['STORE 1:* +FLAGS (\\Flagged)', 'COPY 1:3 Archive', 'STORE 2 +FLAGS (keyword)'][n] ?? '';
    expect(await answer(client, command)).toMatch(/^o (OK|NO \[UNAVAILABLE\])/);
    expect(await answer(client, 'FETCH 1:3 (FLAGS BODY.PEEK[]<0.20>)')).toMatch(/^o OK/);
  }

  rmSync(join(disk, 'filler'));
  const before = await client.ok('STATUS INBOX (MESSAGES)');
  expect(before).toContain(`* STATUS INBOX (MESSAGES ${stored})`);
  expect(await answer(client, append('five'))).toMatch(/^o OK/);
  await client.ok('STORE 1 +FLAGS (\\Answered)');
  expect(await client.ok('SEARCH ANSWERED')).toContain('* SEARCH 1');
  expect(await client.ok('SEARCH SUBJECT five')).toContain(`* SEARCH ${stored + 1}`);
  await idle.until(`* ${stored + 1} EXISTS`);
  idle.send('DONE\r\n');
  expect((await idle.reply('i')).result).toMatch(/^OK/);
});
