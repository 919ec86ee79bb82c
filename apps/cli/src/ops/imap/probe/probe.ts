/**
 * A health check of an IMAP server by what people do with it: store a message, read it, flag it, read it again at once,
 * read a large one slowly. What is wrong is a finding; whoever cannot be reached, or does not let us in, is a failure.
 */
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import type { ImapClient } from '../../imap-client/client.ts';
import { type Connected, connectImap, type ImapPlace } from '../../imap-client/connect.ts';
import { ImapError, imapFailure } from '../../imap-client/errors.ts';
import { type Credentials, signIn } from '../../imap-client/sign-in.ts';
import { PROBE_SMALL_BYTES } from '../../limits.ts';
import { checkFetch, checkFlag, checkFlagThenFetch, checkLargeFetch } from './checks.ts';
import { append, findMessage } from './exchange.ts';
import { Home } from './home.ts';
import { makeMessage, type ProbeMessage } from './message.ts';
import { Fault, type ProbeStep, type ProbeWatcher, Steps } from './steps.ts';

export interface ProbeWanted {
  readonly place: ImapPlace;
  readonly credentials: Credentials;
  /** Where the messages are put; by default in a mailbox of the probe's own. */
  readonly mailbox?: string;
  readonly largeOctets: number;
  /** Octets a second at which the large message is read at most; by default as fast as it goes. */
  readonly slowRate?: number;
  /** Milliseconds of silence until the server is taken for stalled. */
  readonly patience: number;
}

/** Probes a server, and cleans up behind it also when it is stopped. Resolves with what each step saw. */
export async function probe(
  wanted: ProbeWanted,
  watcher: ProbeWatcher,
  { stop, force }: { readonly stop: AbortSignal; readonly force: AbortSignal },
): Promise<Result<readonly ProbeStep[], Failure>> {
  const steps = new Steps(watcher);
  const clients: ImapClient[] = [];
  try {
    const client = await enter(wanted, steps, clients, stop);
    const most = appendLimit(client.capabilities);
    if (wanted.largeOctets > most) return err(tooLarge(most));
    const other = (await connect(wanted, clients, stop)).client;
    const home = await Home.choose(client, wanted.mailbox);
    try {
      const began = performance.now();
      steps.note('mailbox', began, await home.enter(client));
      await examine({ steps, client, other, home, wanted });
    } finally {
      for (const one of clients) one.close();
      if (home.isTouched) await steps.run('clean up', () => cleanUp(wanted, home, force));
    }
    return ok(steps.reports);
  } catch (error) {
    if (error instanceof ImapError) return err(imapFailure(error));
    throw error;
  } finally {
    for (const client of clients) client.close();
  }
}

/** The first connection, in steps that are told; whatever fails here is no finding. */
async function enter(wanted: ProbeWanted, steps: Steps, clients: ImapClient[], stop: AbortSignal): Promise<ImapClient> {
  const { place, patience, credentials } = wanted;
  const began = performance.now();
  const connected = await connectImap(place, { patience, signal: stop });
  clients.push(connected.client);
  steps.note('connect', began, describe(connected));
  const connectedAt = performance.now();
  if (!connected.isSignedIn) await signIn(connected.client, credentials);
  steps.note('sign in', connectedAt, credentials.user);
  return connected.client;
}

function describe({ tls }: Connected): string {
  if (tls === undefined) return 'without TLS';
  return `${tls.protocol}, ${tls.cipher}, certificate until ${tls.validTo.toISOString().slice(0, 10)}`;
}

/** How large a message the server takes, where it says so (RFC 7889). */
function appendLimit(capabilities: ReadonlySet<string>): number {
  const limit = [...capabilities].find((name) => /^APPENDLIMIT=\d+$/.test(name))?.split('=')[1];
  return limit === undefined ? Number.POSITIVE_INFINITY : Number(limit);
}

const tooLarge = (most: number): Failure => ({
  kind: 'usage',
  message: `The server takes messages of ${most.toLocaleString('en')} octets at most (APPENDLIMIT): give --large less.`,
});

/** One more connection, signed in. */
async function connect(wanted: ProbeWanted, clients: ImapClient[], signal: AbortSignal): Promise<Connected> {
  const { place, patience, credentials } = wanted;
  const connected = await connectImap(place, { patience, signal });
  clients.push(connected.client);
  if (!connected.isSignedIn) await signIn(connected.client, credentials);
  return connected;
}

async function cleanUp(wanted: ProbeWanted, home: Home, force: AbortSignal): Promise<string> {
  const clients: ImapClient[] = [];
  try {
    const { client } = await connect(wanted, clients, force);
    const done = await home.leave(client);
    await client.logout();
    return done;
  } catch (error) {
    if (!force.aborted) throw error;
    throw new ImapError('stopped', `Interrupted. What the probe made in ${home.mailbox} may still be there.`);
  } finally {
    for (const client of clients) client.close();
  }
}

interface Examination {
  readonly steps: Steps;
  readonly client: ImapClient;
  readonly other: ImapClient;
  readonly home: Home;
  readonly wanted: ProbeWanted;
}

/** Goes on as long as there is something to go on with. */
async function examine(examination: Examination): Promise<void> {
  const { steps, client, other, home } = examination;
  const message = makeMessage(PROBE_SMALL_BYTES);
  const uid = await store(examination, 'append', message);
  if (uid === undefined) return;
  if ((await steps.run('fetch', () => checkFetch(client, uid, message))) === 'broken') return;
  if ((await steps.run('flag', () => checkFlag(client, uid))) === 'broken') return;
  const flagThenFetch = async () => {
    await home.open(other);
    return checkFlagThenFetch(client, other, uid, message);
  };
  if ((await steps.run('flag and fetch', flagThenFetch)) === 'broken') return;
  await examineLarge(examination);
}

async function examineLarge(examination: Examination): Promise<void> {
  const { steps, client, other, wanted } = examination;
  const message = makeMessage(wanted.largeOctets);
  const uid = await store(examination, 'large append', message);
  if (uid === undefined) return;
  const step = wanted.slowRate === undefined ? 'large fetch' : 'large fetch, slowly';
  const onProgress = (done: number) => steps.progress(step, done, message.octets);
  await steps.run(step, () => checkLargeFetch(client, other, { uid, message, rate: wanted.slowRate, onProgress }));
}

/** Stores a message in the open mailbox; undefined where that failed, and was told. */
async function store(examination: Examination, step: string, message: ProbeMessage): Promise<number | undefined> {
  const { steps, client, home } = examination;
  let uid: number | undefined;
  let done = 0;
  home.expect(message);
  await steps.run(step, async () => {
    const told = await append(client, home.mailbox, message, (octets) => {
      done += octets;
      steps.progress(step, done, message.octets);
    });
    await client.ok(['NOOP']); // now at the latest the server has to show it
    uid = told ?? (await findMessage(client, message.id)).at(-1);
    if (uid === undefined) throw new Fault('A message that was stored is not found.');
    return `${message.octets.toLocaleString('en')} octets, UID ${uid}`;
  });
  return uid;
}
