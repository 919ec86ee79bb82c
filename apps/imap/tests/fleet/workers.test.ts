/**
 * One server of two workers, as its clients and its operator see it: sessions of one user in different processes, over real
 * TLS and real files.
 */
import { X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { openAccounts } from '@scorpiox/shared/accounts';
import { renewCertificate } from '@scorpiox/shared/certificates';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { SessionReport } from '../../src/admin/operator.ts';
import { Client } from '../support/client.ts';
import { addUser, PASSWORD, type RunningServer, startRunning } from '../support/main-process.ts';
import { numbersOf, transcript } from '../support/transcript.ts';

const USERS = ['ann', 'bob', 'carol', 'dora', 'eve', 'fay', 'gil', 'hal'];
const PATIENTLY = { timeout: 60_000, interval: 20 };

let folder: string;
let server: RunningServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'imap-workers-'));
  for (const user of USERS) await addUser(folder, user);
  server = await startRunning(folder, { SCORPIOX_IMAP_WORKERS: '2' });
});
afterAll(async () => {
  server.child.kill('SIGTERM');
  const { code, text } = await server.exit;
  await rm(folder, { recursive: true, force: true });
  expect(code, text).toBe(0);
  expect(text.split('\n').filter((line) => line.includes('"level":50') && !line.includes('worker'))).toEqual([]);
});

async function list(): Promise<{ readonly sessions: readonly SessionReport[]; readonly missing: readonly string[] }> {
  return JSON.parse(await (await server.ask('/sessions')).text());
}

/** The processes that have these connections. */
async function pidsOf(user: string): Promise<number[]> {
  return (await list()).sessions.filter((session) => session.user === user).map(({ pid }) => pid);
}

const clients: Client[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await vi.waitFor(async () => expect(await list()).toEqual({ sessions: [], missing: [] }), PATIENTLY);
});

async function signIn(user: string, password = PASSWORD): Promise<Client> {
  const client = await server.connect();
  clients.push(client);
  await client.ok(`LOGIN ${user} "${password}"`);
  return client;
}

/** Two sessions of a user, each in a worker of its own. */
async function apart(user: string): Promise<{ A: Client; B: Client; pidOfA: number; pidOfB: number }> {
  const A = await signIn(user);
  const [pidOfA = 0] = await pidsOf(user);
  const B = await signIn(user);
  // The list goes by age, which each worker tells when it answers: of two that are nearly as old either may come first.
  const pidOfB = (await pidsOf(user)).find((pid) => pid !== pidOfA);
  if (pidOfB === undefined) throw new Error('both are with one worker');
  return { A, B, pidOfA, pidOfB };
}

describe('sessions of one user in different workers', () => {
  // Which of the two a message is \Recent for is the one that hears of it first (RFC 3501 §2.3.2): nobody's promise.
  test('hear in IDLE, without another word, of mail, flags and expunges, and name them alike', async () => {
    const { A, B } = await apart('ann');
    await transcript(
      { A, B },
      `A: a1 ENABLE QRESYNC
       A>> a1 OK …
       B: b1 ENABLE QRESYNC
       B>> b1 OK …
       A: a2 SELECT INBOX
       A>> a2 OK …
       B: b2 SELECT INBOX
       B>> b2 OK …
       B: b3 IDLE
       B> + idling
       A: a3 APPEND INBOX {3+}\\r\\nx\\r\\n
       A>> a3 OK [APPENDUID «validity» «uid»] …
       B>> * 1 EXISTS
       A: a4 UID STORE «uid» +FLAGS (\\Seen $Label1)
       A>> * 1 FETCH (UID «uid» FLAGS (\\Seen $Label1…) MODSEQ («flagged»))
       A>> a4 OK …
       B>> * 1 FETCH (UID «uid» FLAGS (\\Seen $Label1…) MODSEQ («flagged»))
       A: a5 APPEND INBOX (\\Deleted) {3+}\\r\\ny\\r\\n
       A>> a5 OK [APPENDUID «validity» «second»] …
       B>> * 2 EXISTS
       A: a6 UID EXPUNGE «second»
       A>> a6 OK [HIGHESTMODSEQ «highest»] …
       B>> * VANISHED «second»
       B: DONE
       B>> b3 OK …
       B: b4 STATUS INBOX (MESSAGES UIDNEXT UIDVALIDITY HIGHESTMODSEQ)
       B>> * STATUS INBOX (MESSAGES 1 UIDNEXT … UIDVALIDITY «validity» HIGHESTMODSEQ «highest»)
       B>> b4 OK …`,
    );
  });

  test('resynchronise in one what they saw in the other (RFC 7162 §3.2.5)', async () => {
    const { A, B } = await apart('bob');
    const known = await numbersOf(
      { A, B },
      `A: a1 ENABLE QRESYNC
       A>> a1 OK …
       B: b1 ENABLE QRESYNC
       B>> b1 OK …
       A: a2 APPEND INBOX {3+}\\r\\nx\\r\\n
       A>> a2 OK [APPENDUID «validity» «first»] …
       A: a3 APPEND INBOX {3+}\\r\\ny\\r\\n
       A>> a3 OK [APPENDUID «validity» «second»] …
       A: a4 SELECT INBOX
       A>> * OK [HIGHESTMODSEQ «seen»] …
       A>> a4 OK …
       B: b2 SELECT INBOX
       B>> * OK [HIGHESTMODSEQ «seen»] …
       B>> b2 OK …
       B: b3 UID STORE «first» +FLAGS.SILENT (\\Deleted)
       B>> b3 OK …
       B: b4 UID EXPUNGE «first»
       B>> b4 OK …
       B: b5 UID STORE «second» +FLAGS.SILENT (\\Flagged)
       B>> b5 OK …`,
    );
    await transcript(
      { A },
      `A: a5 UNSELECT
       A>> a5 OK …
       A: a6 SELECT INBOX (QRESYNC («validity» «seen»))
       A>> * VANISHED (EARLIER) «first»
       A>> * 1 FETCH (UID «second» FLAGS (\\Flagged…
       A>> a6 OK …`,
      known,
    );
  });

  test('see each other’s mailboxes made, renamed and deleted', async () => {
    const { A, B } = await apart('carol');
    await transcript(
      { A, B },
      `A: a1 CREATE Plans
       A>> a1 OK …
       B: b1 STATUS Plans (MESSAGES)
       B>> * STATUS Plans (MESSAGES 0)
       B>> b1 OK …
       A: a2 APPEND Plans {3+}\\r\\nx\\r\\n
       A>> a2 OK …
       A: a3 RENAME Plans Dreams
       A>> a3 OK …
       B: b2 STATUS Dreams (MESSAGES)
       B>> * STATUS Dreams (MESSAGES 1)
       B>> b2 OK …
       B: b3 STATUS Plans (MESSAGES)
       B>> b3 NO [NONEXISTENT] …
       B: b4 SELECT Dreams
       B>> * 1 EXISTS
       B>> b4 OK …
       A: a4 DELETE Dreams
       A>> a4 OK …
       B: b5 NOOP
       B>> * BYE [UNAVAILABLE] The selected mailbox was deleted or renamed…`,
    );
  });

  test('all end where the index is replaced, and agree on the new one', async () => {
    const { A, B } = await apart('dora');
    await A.append('INBOX', 'x\r\n');
    for (const client of [A, B]) await client.ok('SELECT INBOX');
    for (const end of ['', '-wal', '-shm']) await rm(join(folder, 'mail', 'dora', `index.db${end}`), { force: true });
    for (const client of [A, B]) {
      client.send('n NOOP\r\n');
      await client.until('* BYE The index of this mail store was replaced');
    }
    const again = await apart('dora');
    await again.A.append('INBOX', 'y\r\n');
    const views = await Promise.all(
      [again.A, again.B].map((client) => client.ok('STATUS INBOX (MESSAGES UIDNEXT UIDVALIDITY)')),
    );
    expect(views[0]).toEqual(views[1]);
    expect(views[0]).toEqual([expect.stringContaining('MESSAGES 2 ')]);
  });
});

describe('what is one for all workers', () => {
  test('a new password is the only one, in each', async () => {
    await apart('eve'); // both have seen, and remember, the old one
    const accounts = openAccounts(join(folder, 'accounts.db'));
    await accounts.setPassword('eve', 'another');
    accounts.close();
    for (let n = 0; n < 2; n += 1) {
      await expect(signIn('eve')).rejects.toThrow('NO [AUTHENTICATIONFAILED]');
      await signIn('eve', 'another');
    }
    expect(new Set(await pidsOf('eve')).size).toBe(2);
  });

  test('an account that is disabled: its sessions end, in each', async () => {
    const { A, B } = await apart('gil');
    const accounts = openAccounts(join(folder, 'accounts.db'));
    await accounts.setDisabled('gil', true);
    for (const client of [A, B]) await client.until('* BYE');
    await expect(signIn('gil')).rejects.toThrow('NO [AUTHENTICATIONFAILED]');
    await accounts.setDisabled('gil', false);
    accounts.close();
    await signIn('gil');
  });

  test('a TLS session that began in one is resumed in the other', async () => {
    const first = await overTls();
    const ticket = new Promise<Buffer>((resolve) => first.tls.once('session', resolve));
    await first.client.ok(`LOGIN fay "${PASSWORD}"`);
    const second = await overTls(await ticket);
    expect(second.tls.isSessionReused()).toBe(true);
    await second.client.ok(`LOGIN fay "${PASSWORD}"`);
    expect(new Set(await pidsOf('fay')).size).toBe(2);
  });

  async function overTls(session?: Buffer): Promise<{ client: Client; tls: TLSSocket }> {
    const ca = readFileSync(server.ca);
    const resumed = session === undefined ? {} : { session };
    const tls = connectTls({ port: server.tlsPort, host: '127.0.0.1', servername: 'localhost', ca, ...resumed });
    await new Promise((resolve, reject) => tls.once('secureConnect', resolve).once('error', reject));
    const client = new Client(tls);
    clients.push(client);
    return { client, tls };
  }

  test('a certificate that was renewed: in use by itself, in each', async () => {
    const fingerprint = async () => {
      const { tls, client } = await overTls();
      const { fingerprint256 } = tls.getPeerCertificate();
      client.close(); // not one after the other until there are too many
      return fingerprint256;
    };
    const before = await fingerprint();
    await renewCertificate({ folder: join(folder, 'tls'), newKey: true, now: Date.now() });
    await vi.waitFor(async () => {
      // A worker that looks between key and certificate issues one for that key too: the last one counts.
      const renewed = new X509Certificate(readFileSync(join(folder, 'tls', 'server.pem'))).fingerprint256;
      expect(renewed).not.toBe(before);
      expect([await fingerprint(), await fingerprint()]).toEqual([renewed, renewed]);
    }, PATIENTLY);
  });

  test('a certificate that is read anew', async () => {
    const reloaded = await server.ask('/reload', 'POST');
    expect([reloaded.status, await reloaded.json()]).toEqual([
      200,
      { certificate: expect.objectContaining({ names: expect.stringContaining('localhost') }) },
    ]);
  });
});

describe('an operator', () => {
  test('finds every session, and ends the right one', async () => {
    const { B, pidOfA, pidOfB } = await apart('fay');
    const { sessions } = await list();
    const [first, second] = [pidOfA, pidOfB].map((pid) => sessions.find((session) => session.pid === pid)?.id);
    expect((await server.ask(`/sessions/${second}/kick`, 'POST')).status).toBe(200);
    await B.until('* BYE');
    await vi.waitFor(async () => expect((await list()).sessions.map(({ id }) => id)).toEqual([first]), PATIENTLY);
  });

  test('reads the logs of all, each line once', async () => {
    const signedIn = async (path: string) => {
      const { lines, next } = JSON.parse(await (await server.ask(path)).text());
      const told = lines.filter(({ msg, user }: Record<string, unknown>) => msg === 'signed in' && user === 'gil');
      return { next, workers: told.map(({ worker }: { worker: number }) => worker).sort() };
    };
    const before = await signedIn('/logs');
    await apart('gil');
    const then = await signedIn(`/logs?after=${before.next}`);
    expect(then.workers).toEqual([1, 2]);
    expect((await signedIn(`/logs?after=${then.next}`)).workers).toEqual([]);
  });

  test('is told of a worker that does not answer, and is not kept waiting', async () => {
    await apart('fay');
    const [hung = 0] = await pidsOf('fay');
    process.kill(hung, 'SIGSTOP');
    try {
      const [{ sessions, missing }, kicked, reloaded, ready] = await Promise.all([
        list(),
        server.ask('/sessions/somebody/kick', 'POST'),
        server.ask('/reload', 'POST'),
        server.ask('/readyz'),
      ]);
      expect(sessions).toMatchObject([{ user: 'fay' }]);
      expect(missing).toEqual([expect.stringMatching(/^Worker \d: There was no answer within 5 s\.$/)]);
      expect([kicked.status, reloaded.status, ready.status]).toEqual([503, 503, 200]);
    } finally {
      process.kill(hung, 'SIGCONT');
    }
  });
});

test('a worker that is killed is replaced, and its sessions only break', async () => {
  const { A, B, pidOfA: victim, pidOfB: other } = await apart('fay');
  await A.append('INBOX', 'before\r\n');
  process.kill(victim, 'SIGKILL');
  expect(await A.line()).toBeUndefined();
  expect(await B.ok('STATUS INBOX (MESSAGES)')).toEqual(['* STATUS INBOX (MESSAGES 1)']);
  await vi.waitFor(async () => {
    const metrics = await (await server.ask('/metrics')).text();
    expect(await workersUp()).toHaveLength(2);
    expect(metrics).toMatch(/scorpiox_imap_worker_restarts_total\{worker="\d"\} 1\n/);
  }, PATIENTLY);
  const again = await signIn('fay');
  expect(await again.ok('STATUS INBOX (MESSAGES)')).toEqual(['* STATUS INBOX (MESSAGES 1)']);
  expect((await pidsOf('fay')).filter((pid) => pid !== other && pid !== victim)).toHaveLength(1);
});

/** The good sign-ins of all workers, as Prometheus sees them. */
async function signIns(): Promise<number> {
  const metrics = await (await server.ask('/metrics')).text();
  return Number(/scorpiox_imap_sign_ins_total\{result="good"\} (\d+)/.exec(metrics)?.[1]);
}

test('what was acknowledged survives workers that are killed while they work, once; and no count falls', async () => {
  const acknowledged = new Set<string>();
  let enough = false;
  onTestFinished(() => {
    enough = true; // also where it failed: there is nobody to come again to
  });
  /** Appends, and comes again where its connection broke; what was not acknowledged it does not repeat. */
  const write = async (writer: number) => {
    for (let n = 0; !enough; ) {
      const client = await signIn('gil').catch(() => undefined);
      if (client === undefined) continue;
      for (let works = true; works && !enough; n += 1) {
        const name = `${writer}-${n}`;
        const result = await client.append('INBOX', `Subject: ${name}\r\n\r\nx\r\n`).catch(() => '');
        works = result.startsWith('OK');
        if (works) acknowledged.add(name);
      }
    }
  };
  const writers = [0, 1, 2, 3].map(write);
  let before = 0;
  for (let kills = 1; kills <= 3; kills += 1) {
    await vi.waitFor(() => expect(acknowledged.size).toBeGreaterThan(kills * 40), PATIENTLY);
    const counted = await signIns();
    expect(counted).toBeGreaterThanOrEqual(before);
    before = counted;
    const pids = await pidsOf('gil');
    process.kill(pids[kills % pids.length] ?? 0, 'SIGKILL');
  }
  await vi.waitFor(() => expect(acknowledged.size).toBeGreaterThan(200), PATIENTLY);
  enough = true;
  await Promise.all(writers);
  expect(await signIns()).toBeGreaterThanOrEqual(before);
  await vi.waitFor(async () => expect((await workersUp()).length).toBe(2), PATIENTLY);
  for (const client of clients.splice(0)) client.close();
  await vi.waitFor(async () => expect((await list()).sessions).toEqual([]), PATIENTLY);
  const { A, B } = await apart('gil');
  const [seenByA = [], seenByB] = await Promise.all(
    [A, B].map(async (client) => {
      await client.ok('SELECT INBOX');
      return client.ok('UID FETCH 1:* (UID BODY.PEEK[HEADER.FIELDS (SUBJECT)])');
    }),
  );
  expect(seenByA).toEqual(seenByB);
  const subjects = seenByA.flatMap((line) => /Subject: (\d+-\d+)/.exec(line)?.[1] ?? []);
  expect(new Set(subjects).size).toBe(subjects.length);
  expect([...acknowledged].filter((name) => !subjects.includes(name))).toEqual([]);
});

async function workersUp(): Promise<readonly string[]> {
  const metrics = await (await server.ask('/metrics')).text();
  return metrics.match(/scorpiox_imap_worker_up\{worker="\d"\} 1\n/g) ?? [];
}

test('a worker that is started again takes part in the traces that run; where one does not answer, none begins', async () => {
  const { A, pidOfA: victim, pidOfB: other } = await apart('hal');
  const begun = await server.post('/traces', { user: 'hal', minutes: 60 });
  expect(begun.status).toBe(201);
  const { trace } = JSON.parse(await begun.text());
  process.kill(victim, 'SIGKILL');
  expect(await A.line()).toBeUndefined();
  const files = () => readdirSync(join(folder, 'imap-traces')).filter((name) => name.startsWith(trace.id));
  await vi.waitFor(() => expect(files()).toHaveLength(3), PATIENTLY);
  const again = await signIn('hal');
  const pid = (await pidsOf('hal')).find((one) => one !== other);
  await again.ok('STATUS INBOX (UIDNEXT)');
  expect((await server.ask(`/traces/${trace.id}`, 'DELETE')).status).toBe(200);
  expect(readFileSync(join(folder, 'imap-traces', `${trace.id}.${pid}.trace`), 'utf8')).toContain('STATUS "INBOX"');
  process.kill(other, 'SIGSTOP');
  try {
    expect((await server.post('/traces', { user: 'hal' })).status).toBe(503);
  } finally {
    process.kill(other, 'SIGCONT');
  }
  await vi.waitFor(async () => {
    const { traces } = JSON.parse(await (await server.ask('/traces')).text());
    expect(traces.filter(({ ended }: { ended: unknown }) => ended === null)).toEqual([]);
  }, PATIENTLY);
});

test('nothing of the workers is left when the primary is killed outright', async () => {
  const other = await mkdtemp(join(tmpdir(), 'imap-workers-'));
  await addUser(other, 'ann');
  const lonely = await startRunning(other, { SCORPIOX_IMAP_WORKERS: '2' });
  const clients = [await lonely.signIn('ann'), await lonely.signIn('ann')];
  const { sessions } = JSON.parse(await (await lonely.ask('/sessions')).text());
  const pids: number[] = sessions.map((session: SessionReport) => session.pid);
  expect(new Set(pids).size).toBe(2);
  lonely.child.kill('SIGKILL');
  for (const client of clients) await client.until('* BYE');
  await vi.waitFor(() => expect(pids.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]), PATIENTLY);
  await rm(other, { recursive: true, force: true });
});
