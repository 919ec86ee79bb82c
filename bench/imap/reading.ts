// Opening mailboxes and reading mail.
import { setTimeout as pause } from 'node:timers/promises';
import type { ImapClient } from '../support/imap-client.ts';
import { type Peer, selected, signIn } from './peer.ts';
import { FRESH } from './places.ts';
import type { Probe, Row } from './rows.ts';

const MEGABYTE = 1024 * 1024;
const AGAIN = 7;

/** Signs in, runs `work` on the connection, and closes it when the figures have been taken. */
async function on<T>(connecting: Promise<ImapClient>, work: (imap: ImapClient) => Promise<T>): Promise<T> {
  const imap = await connecting;
  try {
    return await work(imap);
  } finally {
    imap.close();
    await pause(50); // the server lets go of what only this connection had open
  }
}

function selecting(what: string, rounds: number, user: (round: number) => string): Row {
  return {
    figures: [{ what, unit: 'ms', goal: 0.5 }],
    rounds,
    run: (peer, round, probe) =>
      on(signIn(peer, user(round)), async (imap) => [1000 * (await probe.during(() => imap.command('SELECT INBOX')))]),
  };
}

function fetching(what: string, command: string, rounds: number, user: (round: number) => string): Row {
  return {
    figures: [{ what, unit: 'ms', goal: 0.5 }],
    rounds,
    run: (peer, round, probe) =>
      on(selected(peer, user(round)), async (imap) => [1000 * (await probe.during(() => imap.command(command)))]),
  };
}

function bodies(tls: boolean): Row {
  return {
    figures: [{ what: `FETCH 1:* BODY.PEEK[], 220 MB, ${tls ? 'TLS' : 'plain'}`, unit: 'MB/s', goal: 0.5 }],
    rounds: 3,
    run: (peer, _round, probe) =>
      on(selected(peer, 'read', tls), async (imap) => {
        const before = imap.received;
        const taken = await probe.during(() => imap.command('FETCH 1:* BODY.PEEK[]'));
        return [(imap.received - before) / MEGABYTE / taken];
      }),
  };
}

const SINGLES = 2_000;

async function singles(peer: Peer, tls: boolean, probe: Probe): Promise<readonly number[]> {
  return on(selected(peer, 'pairs', tls), async (imap) => {
    const taken = await probe.during(async () => {
      for (let at = 0; at < SINGLES; at += 1) await imap.command(`UID FETCH ${(at % 1_000) + 1} BODY.PEEK[]`);
    });
    return [SINGLES / taken];
  });
}

const single = (tls: boolean): Row => ({
  figures: [
    { what: `UID FETCH n BODY.PEEK[] of 10 KB, one by one, ${tls ? 'TLS' : 'plain'}`, unit: 'per s', goal: 0.5 },
  ],
  rounds: 3,
  run: (peer, _round, probe) => singles(peer, tls, probe),
});

const ENVELOPES = 'FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE)';

/** The order matters: what is first on a Maildir comes before what is not. */
export const READING: readonly Row[] = [
  selecting('SELECT of 10,000, first', FRESH, (round) => `envelope${round}`),
  selecting('SELECT of 10,000, warm', AGAIN, () => 'envelope0'),
  selecting('SELECT of 100,000, first', FRESH, (round) => `large${round}`),
  selecting('SELECT of 100,000, warm', AGAIN, () => 'large0'),
  fetching('FETCH 10,000 UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE, first', ENVELOPES, FRESH, (n) => `envelope${n}`),
  fetching('FETCH 10,000 UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE, warm', ENVELOPES, AGAIN, () => 'envelope0'),
  fetching('FETCH 100,000 UID FLAGS', 'FETCH 1:* (UID FLAGS)', 5, () => 'large0'),
  fetching('FETCH 10,000 BODYSTRUCTURE, first', 'FETCH 1:* BODYSTRUCTURE', FRESH, (n) => `structure${n}`),
  fetching('FETCH 10,000 BODYSTRUCTURE, warm', 'FETCH 1:* BODYSTRUCTURE', AGAIN, () => 'structure0'),
  bodies(false),
  bodies(true),
  single(false),
  single(true),
];

const searching = (what: string, command: string, goal: number): Row => ({
  ...fetching(what, command, 5, () => 'read'),
  figures: [{ what, unit: 'ms', goal }],
});

/** With our text index built. */
export const SEARCHING: readonly Row[] = [
  searching('UID SEARCH FROM over 10,000', 'UID SEARCH FROM s17@example', 0.5),
  searching('UID SEARCH BODY over 10,000, a rare word', 'UID SEARCH BODY rare123', 20),
];

/** Waits until the server has nothing to do any more: the text index of the mailbox is built then. */
export async function untilIdle(peer: Peer, processorTime: (pid: number) => number): Promise<void> {
  const imap = await selected(peer, 'read');
  for (let quiet = 0, before = processorTime(peer.pid); quiet < 4; ) {
    await pause(500);
    const now = processorTime(peer.pid);
    quiet = now - before < 30 ? quiet + 1 : 0;
    before = now;
  }
  imap.close();
}
