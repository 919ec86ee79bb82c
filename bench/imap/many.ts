// Many connections at once: signing in, idling, and what one session's long command costs another.
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { ImapClient } from '../support/imap-client.ts';
import { quantile } from '../table.ts';
import { type Peer, signIn } from './peer.ts';
import { FRESH, MANY_USERS, PASSWORD } from './places.ts';
import type { Probe, Row } from './rows.ts';

const CONNECTIONS = 10;
const IDLE = 1_000;

/** Runs `work` for 0 … count - 1, as many at once as there are connections. */
async function spread(count: number, work: (number: number) => Promise<void>): Promise<void> {
  let next = 0;
  const one = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      await work(next - 1);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, one));
}

function signingIn(what: string, count: number, rounds: number, user: (number: number, round: number) => string): Row {
  return {
    figures: [{ what, unit: 'per s', goal: 0.5 }],
    rounds,
    run: async (peer, round, probe) => {
      const taken = await probe.during(() =>
        spread(count, async (number) => {
          const imap = await signIn(peer, user(number, round), true);
          imap.close();
        }),
      );
      return [count / taken];
    },
  };
}

async function idling(peer: Peer, probe: Probe): Promise<readonly number[]> {
  const connections: ImapClient[] = [];
  await spread(IDLE, async (number) => {
    const imap = await ImapClient.connect(peer.tlsPort, true);
    connections.push(imap);
    await imap.command(`LOGIN many${number % MANY_USERS} ${PASSWORD}`);
    await imap.command('SELECT INBOX');
    imap.send('i IDLE\r\n');
    await imap.until('+ ');
  });
  await pause(1_000);
  await probe.during(async () => {});
  for (const connection of connections) connection.close();
  await pause(1_000);
  return [probe.memory];
}

/** What a NOOP takes, in milliseconds, on a thread and connection of its own while `work` runs. */
async function noops(peer: Peer, work: () => Promise<unknown>): Promise<readonly number[]> {
  const worker = new Worker(new URL('../programs/noop-prober.ts', import.meta.url), {
    workerData: { port: peer.port, user: 'quiet', password: PASSWORD },
  });
  await once(worker, 'message');
  await work();
  worker.postMessage('stop');
  const [samples] = await once(worker, 'message');
  return samples as readonly number[]; // what the program above sends
}

function delayed(what: string, command: (round: number) => [user: string, command: string]): Row {
  return {
    figures: [
      { what: `NOOP beside ${what}, p99`, unit: 'ms', goal: '≤ 20 ms' },
      { what: `NOOP beside ${what}, longest`, unit: 'ms', goal: '' },
    ],
    rounds: FRESH,
    run: async (peer, round, probe) => {
      const [user, text] = command(round);
      const imap = await signIn(peer, user);
      const samples: number[] = [];
      await probe.during(async () => {
        const taken = await noops(peer, async () => {
          if (text !== 'SELECT INBOX') await imap.command('SELECT INBOX');
          await imap.command(text);
        });
        samples.push(...taken);
      });
      imap.close();
      return [quantile(samples, 0.99), Math.max(...samples)];
    },
  };
}

/** Without the text index, so that a search reads every file. */
export const DELAYS: readonly Row[] = [
  delayed('FETCH 1:* ENVELOPE of 10,000, first', (round) => [`noop${round}`, 'FETCH 1:* ENVELOPE']),
  delayed('FETCH 1:* ENVELOPE of 10,000, warm', () => ['noop0', 'FETCH 1:* ENVELOPE']),
  delayed('FETCH 1:* BODY.PEEK[] of 220 MB', () => ['noop0', 'FETCH 1:* BODY.PEEK[]']),
  delayed('SEARCH BODY over 220 MB of files', () => ['noop0', 'SEARCH BODY zyzzyva']),
];

export const MANY: readonly Row[] = [
  signingIn(
    'sign-ins over TLS, 10 connections, the first of each account',
    20,
    FRESH,
    (n, round) => `many${round * 20 + n}`,
  ),
  signingIn('sign-ins over TLS, 10 connections, again', 500, 3, (n) => `many${n % CONNECTIONS}`),
  {
    figures: [{ what: 'memory of 1,000 TLS connections in IDLE (PSS)', unit: 'MB', goal: 3 }],
    rounds: 1,
    run: (peer, _round, probe) => idling(peer, probe),
  },
];
