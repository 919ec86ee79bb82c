// Changing mail, and hearing of it.
import { setTimeout as pause } from 'node:timers/promises';
import type { ImapClient } from '../support/imap-client.ts';
import { messageOf } from '../support/maildirs.ts';
import { quantile } from '../table.ts';
import { type Peer, selected, signIn } from './peer.ts';
import type { Probe, Row } from './rows.ts';

const APPENDS = 400;
const PAIRS = 1_000;
const MESSAGE = messageOf(1);
const APPEND = Buffer.concat([Buffer.from(`APPEND INBOX {${MESSAGE.length}+}\r\n`), MESSAGE]);

async function appends(peer: Peer, users: readonly string[], probe: Probe): Promise<readonly number[]> {
  const connections = await Promise.all(users.map((user) => signIn(peer, user)));
  const each = APPENDS / users.length;
  const one = async (imap: ImapClient): Promise<void> => {
    for (let count = 0; count < each; count += 1) await imap.command(APPEND);
  };
  const taken = await probe.during(() => Promise.all(connections.map(one)));
  for (const connection of connections) connection.close();
  return [APPENDS / taken];
}

const appending = (what: string, users: readonly string[]): Row => ({
  figures: [{ what, unit: 'per s', goal: 0.5 }],
  rounds: 3,
  run: (peer, _round, probe) => appends(peer, users, probe),
});

async function pairs(peer: Peer, together: boolean, probe: Probe): Promise<readonly number[]> {
  const imap = await selected(peer, 'pairs', true);
  const taken = await probe.during(async () => {
    for (let count = 0; count < PAIRS; count += 1) {
      const uid = (count % 500) + 1;
      const store = `UID STORE ${uid} ${count < 500 ? '+' : '-'}FLAGS (\\Flagged)`;
      const fetch = `UID FETCH ${uid} (FLAGS BODY.PEEK[])`;
      if (together) await imap.commands([store, fetch]);
      else for (const command of [store, fetch]) await imap.command(command);
    }
  });
  imap.close();
  return [PAIRS / taken];
}

const pairing = (what: string, together: boolean): Row => ({
  figures: [{ what, unit: 'per s', goal: 3 }],
  rounds: 3,
  run: (peer, _round, probe) => pairs(peer, together, probe),
});

/** From the moment at which one session begins to send APPEND to the one at which another hears of it in IDLE. */
async function notices(peer: Peer, probe: Probe): Promise<readonly number[]> {
  const count = peer.name === 'ours' ? 300 : 60; // Dovecot waits for a third of a second each time
  const listener = await selected(peer, 'idle');
  const writer = await signIn(peer, 'idle');
  listener.send('i IDLE\r\n');
  await listener.until('+ ');
  const taken: number[] = [];
  await probe.during(async () => {
    for (let number = 0; number < count; number += 1) {
      await pause(5 + (number % 30)); // at all moments of whatever is collected
      const heard = listener.untilLine(/^\* \d+ EXISTS/m);
      const start = performance.now();
      const written = writer.command(APPEND);
      await heard;
      taken.push(performance.now() - start);
      await written;
      await pause(10); // RECENT and the like
    }
  });
  for (const connection of [listener, writer]) connection.close();
  return [quantile(taken), quantile(taken, 0.99)];
}

export const WRITING: readonly Row[] = [
  appending('APPEND of 10 KB, durable, 1 connection', ['append0']),
  appending(
    'APPEND of 10 KB, durable, 10 users',
    Array.from({ length: 10 }, (_, at) => `append${at}`),
  ),
  pairing('UID STORE + UID FETCH of 10 KB, TLS, one after the other', false),
  pairing('UID STORE + UID FETCH of 10 KB, TLS, sent together', true),
  {
    figures: [
      { what: 'APPEND → EXISTS in IDLE, p50', unit: 'ms', goal: 0.5 },
      { what: 'APPEND → EXISTS in IDLE, p99', unit: 'ms', goal: '< 100 ms' },
    ],
    rounds: 1,
    run: (peer, _round, probe) => notices(peer, probe),
  },
];
