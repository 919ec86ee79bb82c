// What a person waits for: delivery to the disk, a big message over TLS, a flag and the message after it. Started as its users
// start it; each figure beside what the machine can do without us.
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdtempSync, openSync, renameSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMailStore, parseMailboxName } from '../packages/maildir/src/index.ts';
import { peakSince, startPeak } from '../tests/support/memory.ts';
import { type Platform, passwordOf, startPlatform } from '../tests/support/platform.ts';
import { signedIn } from '../tests/support/raw-imap.ts';
import { figure, printTable, seconds } from './table.ts';

const MESSAGES = 500;
const PAIRS = 500;
const MEGABYTE = 1024 * 1024;
const small = Buffer.from(`From: a@example.org\r\nSubject: bench\r\n\r\n${'text '.repeat(2000)}\r\n`);

/** The least that a durable delivery costs: a file written, synced and renamed. */
function bareFiles(folder: string): void {
  for (let number = 0; number < MESSAGES; number += 1) {
    const file = openSync(join(folder, `t${number}`), 'w');
    writeSync(file, small);
    fsyncSync(file);
    closeSync(file);
    renameSync(join(folder, `t${number}`), join(folder, `m${number}`));
  }
}

async function delivery(): Promise<[string, string]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const bare = await seconds(() => bareFiles(folder));
  const store = await openMailStore({ maildir: join(folder, 'Maildir'), indexFile: join(folder, 'index.db') });
  const inbox = parseMailboxName('INBOX');
  if (!store.ok || !inbox.ok) throw new Error('the bench could not open its Maildir');
  const ours = await seconds(async () => {
    for (let number = 0; number < MESSAGES; number += 1) await store.value.append(inbox.value, { content: small });
  });
  await store.value.close();
  return [figure(MESSAGES / ours), figure(bare / ours)];
}

async function fetchLarge(platform: Platform): Promise<[string, string]> {
  const large = Buffer.concat([
    Buffer.from('Subject: large\r\n\r\n'),
    Buffer.from(randomBytes(45 * MEGABYTE).toString('base64')),
  ]);
  await platform.cli(['mail', 'deliver', 'bench'], { input: large });
  const imap = await signedIn(platform.ports.imaps, platform.ca, 'bench', passwordOf('bench'));
  const server = startPeak(platform.process.pid, 'apps/imap');
  imap.socket.removeAllListeners('data');
  let received = 0;
  const taken = await seconds(async () => {
    imap.socket.write('b UID FETCH 1 (BODY.PEEK[])\r\n');
    for await (const chunk of imap.socket) {
      received += chunk.length;
      if (received > large.length) break;
    }
  });
  return [figure(large.length / taken / MEGABYTE), figure(peakSince(server) / MEGABYTE)];
}

async function storeAndFetch(platform: Platform): Promise<string> {
  await platform.cli(['mail', 'deliver', 'bench'], { input: small });
  const imap = await signedIn(platform.ports.imaps, platform.ca, 'bench', passwordOf('bench'));
  const taken = await seconds(async () => {
    for (let number = 0; number < PAIRS; number += 1) {
      await imap.command(`UID STORE 2 ${number % 2 === 0 ? '+' : '-'}FLAGS (\\Seen)`);
      await imap.command('UID FETCH 2 (FLAGS BODY.PEEK[])');
    }
  });
  imap.close();
  return figure(PAIRS / taken);
}

const [perSecond, toBare] = await delivery();
const platform = await startPlatform([], { SCORPIOX_IMAP_WORKERS: '1' });
try {
  await platform.addUser('bench');
  const [rate, memory] = await fetchLarge(platform);
  const pairs = await storeAndFetch(platform);
  printTable(
    'Mail',
    ['what', 'figure', 'beside'],
    [
      ['durable deliveries of 10 KB per second, one writer', perSecond, `${toBare} of a bare write, fsync, rename`],
      ['UID FETCH BODY.PEEK[] of 60 MB over TLS, MB/s', rate, `the server's memory rose by ${memory} MB`],
      ['UID STORE + UID FETCH pairs per second over TLS', pairs, ''],
    ],
  );
} finally {
  await platform.stop();
}
