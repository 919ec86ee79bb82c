// Our IMAP server beside Debian's Dovecot: the same messages, the same client, the same hashes of passwords, in one run. Ours is
// one process. `npm run bench -- imap:WORD` measures only the rows in whose name WORD is.
import { setTimeout as pause } from 'node:timers/promises';
import { DELAYS, MANY } from './imap/many.ts';
import { type Peer, signIn, startOurs, startTheirs } from './imap/peer.ts';
import { prepare, USERS } from './imap/places.ts';
import { READING, SEARCHING, untilIdle } from './imap/reading.ts';
import { measure, type Row } from './imap/rows.ts';
import { WRITING } from './imap/writing.ts';
import { processorTime } from './support/usage.ts';
import { printTable } from './table.ts';

const HEAD = ['what', 'here', 'Dovecot', 'ratio', 'goal', 'CPU here / Dovecot, ms', 'memory here / Dovecot, MB'];
/** A directory's times are trusted once they are older than a second. */
const SETTLED = 1_500;

const word = process.argv[2] ?? '';
const wanted = (rows: readonly Row[]): readonly Row[] =>
  rows.filter(({ figures }) => figures.some(({ what }) => what.includes(word)));

const lines: string[][] = [];
async function table(rows: readonly Row[], ours: Peer, theirs: Peer): Promise<void> {
  for (const row of wanted(rows)) {
    for (const line of await measure(row, ours, theirs)) {
      lines.push(line);
      process.stderr.write(`${line.join(' | ')}\n`);
    }
  }
}

/** An account's first sign-in ever makes its mailboxes; no row is about that. */
async function firstSignIns(peer: Peer): Promise<void> {
  for (const user of USERS.empty) (await signIn(peer, user)).close();
}

const places = await prepare();
try {
  const theirs = await startTheirs(places);
  await pause(SETTLED);
  const plain = await startOurs(places, false);
  await firstSignIns(plain);
  await table([...READING, ...DELAYS], plain, theirs);
  await plain.stop();
  const ours = await startOurs(places, true);
  if (wanted(SEARCHING).length > 0) await untilIdle(ours, processorTime);
  await table([...SEARCHING, ...WRITING], ours, theirs);
  await ours.stop();
  const fresh = await startOurs(places, true); // what was done before is not to count as the memory of idle connections
  await table(MANY, fresh, theirs);
  await Promise.all([fresh.stop(), theirs.stop()]);
} finally {
  places.remove();
}
printTable('IMAP', HEAD, lines);
