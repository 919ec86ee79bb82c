/** Delivery over real sockets into real stores. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type NetConnectOpts } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type MailStore, openMailStore, parseMailboxName, type Uid } from '@scorpiox/maildir';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LMTP, type LmtpLimits } from '../../src/limits.ts';
import { createMailDelivery } from '../../src/lmtp/mail-delivery.ts';
import { Spool } from '../../src/lmtp/spool.ts';
import { createMail, type Mail } from '../../src/mailbox/user-mail.ts';
import { LmtpListener } from '../../src/server/lmtp-listener.ts';
import { codes, silent } from './support.ts';

const USERS = new Set(['alice', 'bob', 'carol']);
let folder: string;
let mail: Mail;
let listeners: LmtpListener[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lmtp-'));
  mail = createMail((user) => openMailStore({ maildir: join(folder, user), indexFile: join(folder, `${user}.db`) }));
  listeners = [];
});
afterEach(async () => {
  await Promise.all(listeners.map((listener) => listener.stop()));
  rmSync(folder, { recursive: true, force: true });
});

function listen(socket?: string, limits: Partial<LmtpLimits> = {}, over: Mail = mail) {
  const accounts = {
    find: (name: string) => (USERS.has(name.toLowerCase()) ? { name: name.toLowerCase() } : undefined),
  };
  const listener = new LmtpListener({
    port: 0,
    socket,
    delivery: createMailDelivery(accounts, over),
    observer: silent,
    limits: { ...LMTP, ...limits },
    messageSize: 10_000_000,
    host: 'mail.example.net',
    openSpool: () => new Spool({ folder, inMemory: 1000, chunk: 4096 }),
    newId: () => 'id1',
    clock: Date.now,
    now: () => performance.now(),
  });
  listeners.push(listener);
  return listener;
}

async function start(limits: Partial<LmtpLimits> = {}, over?: Mail): Promise<number> {
  const port = await listen(undefined, limits, over).start();
  if (port === undefined) throw new Error('no port');
  return port;
}

/** Says everything at once and returns what was answered until the server closed. */
async function say(where: NetConnectOpts, text: string | Uint8Array): Promise<string> {
  const socket = connect(where);
  let said = '';
  socket.on('data', (chunk) => {
    said += chunk.toString('latin1');
  });
  socket.write(text);
  await once(socket, 'close');
  return said;
}

const message = (to: readonly string[], text: string): string =>
  `LHLO test\r\nMAIL FROM:<f@example.org>\r\n${to.map((name) => `RCPT TO:<${name}@example.net>\r\n`).join('')}` +
  `DATA\r\n${text}\r\n.\r\nQUIT\r\n`;

/** The answers to the message itself. */
const answers = async (port: number, to: readonly string[], text: string): Promise<string[]> =>
  codes(await say({ port, host: '127.0.0.1' }, message(to, text))).slice(4 + to.length, -1);

async function withStore<T>(user: string, use: (store: MailStore) => Promise<T>): Promise<T> {
  const lease = await mail.acquire(user);
  if (!lease.ok) throw new Error(lease.error.message);
  try {
    return await use(lease.value.value.store);
  } finally {
    await lease.value.release();
  }
}

const nameOf = (text: string) => {
  const name = parseMailboxName(text);
  if (!name.ok) throw new Error(name.error.message);
  return name.value;
};

const contents = (user: string, mailbox = 'INBOX'): Promise<string[]> =>
  withStore(user, async (store) => {
    const opened = await store.open(nameOf(mailbox));
    if (!opened.ok) throw new Error(opened.error.message);
    const found: string[] = [];
    for (const uid of opened.value.uids()) {
      const content = await opened.value.open(uid as Uid); // what `uids` gives are UIDs
      if (!content.ok) throw new Error(content.error.message);
      found.push(Buffer.from(await content.value.read()).toString('latin1'));
      await content.value.close();
    }
    await opened.value.close();
    return found;
  });

const makeMailboxes = (user: string, ...names: string[]) =>
  withStore(user, async (store) => {
    for (const name of names) expect(await store.create(nameOf(name))).toMatchObject({ ok: true });
  });

describe('what is stored', () => {
  test('the fields of a delivery agent, then the message octet by octet, small or spooled', async () => {
    const port = await start();
    for (const text of ['a\0b\xff\nc\rd', `${'0123456789\r\n'.repeat(5000)}end`]) {
      const octets = Buffer.from(message(['alice', 'bob'], text), 'latin1');
      const said = await say({ port, host: '127.0.0.1' }, octets);
      expect(codes(said).slice(-3)).toEqual(['250 2.1.5', '250 2.1.5', '221 2.0.0']);
      for (const user of ['alice', 'bob']) {
        const stored = (await contents(user)).at(-1) ?? '';
        expect(stored).toMatch(
          new RegExp(
            `^Return-Path: <f@example.org>\r\nDelivered-To: ${user}@example.net\r\n` +
              `Received: from test \\(\\[127.0.0.1\\]\\)\r\n\tby mail.example.net with LMTP id id1\r\n\tfor <${user}@example.net>; `,
          ),
        );
        // The store hands every line end out as CRLF.
        expect(stored.endsWith(`${text.replace(/(?<!\r)\n/g, '\r\n')}\r\n`)).toBe(true);
      }
    }
  });

  test('one mailbox is full, the other recipient’s is not', async () => {
    await withStore('alice', (store) => store.setQuota({ storage: 10, messages: undefined }));
    expect(await answers(await start(), ['alice', 'bob'], 'x')).toEqual(['452 4.2.2', '250 2.1.5']);
    expect(await contents('alice')).toEqual([]);
    expect(await contents('bob')).toHaveLength(1);
  });

  test('many connections at once: each message is there, once', async () => {
    const port = await start();
    const names = Array.from({ length: 60 }, (_, at) => `Subject: number ${at};`);
    const said = await Promise.all(names.map((name) => answers(port, ['alice', 'bob', 'carol'], `${name}\r\n\r\nx`)));
    expect(said.flat()).toEqual(Array(180).fill('250 2.1.5'));
    for (const user of USERS) {
      const stored = await contents(user);
      expect(stored).toHaveLength(60);
      for (const name of names) expect(stored.filter((text) => text.includes(name))).toHaveLength(1);
    }
  });

  test('an index that was replaced under the open store is opened anew', async () => {
    const port = await start();
    const lease = await mail.acquire('alice');
    expect(await answers(port, ['alice'], 'one')).toEqual(['250 2.1.5']);
    for (const end of ['', '-wal', '-shm']) rmSync(join(folder, `alice.db${end}`), { force: true });
    expect(await answers(port, ['alice'], 'two')).toEqual(['250 2.1.5']);
    if (lease.ok) await lease.value.release();
    expect(await contents('alice')).toHaveLength(2);
  });

  test('a store that breaks puts the message off', async () => {
    const broken: Mail = { acquire: () => Promise.reject(new Error('odd')) };
    expect(await answers(await start({}, broken), ['alice'], 'x')).toEqual(['451 4.3.0']);
  });
});

describe('the detail', () => {
  test.each([
    ['alice+Lists', 'Lists'],
    ['alice+lists', 'Lists'],
    ['alice+Lists.node', 'Lists.Node'],
    ['alice+Two', 'Two'],
    ['alice+two', 'two'],
    ['alice+TWO', 'INBOX'],
    ['alice+&AOk-t&AOk-', '\u00e9t\u00e9'],
    ['alice+inbox', 'INBOX'],
    ['alice+nowhere', 'INBOX'],
    ['alice+Level', 'INBOX'],
    ['alice+', 'INBOX'],
    ['alice+..', 'INBOX'],
    ['"alice+../../bob"', 'INBOX'],
    ['"alice+My Folder"', 'My Folder'],
  ])('%s → %s', async (to, mailbox) => {
    await makeMailboxes('alice', 'Lists', 'Lists.Node', 'Two', 'two', '\u00e9t\u00e9', 'Level.Below', 'My Folder');
    const before = await withStore('alice', (store) => store.list());
    expect(await answers(await start(), [to], 'x')).toEqual(['250 2.1.5']);
    expect(await contents('alice', mailbox)).toHaveLength(1);
    expect(await withStore('alice', (store) => store.list())).toEqual(before);
  });

  test('in UTF-8, with SMTPUTF8', async () => {
    await makeMailboxes('alice', '\u00e9t\u00e9');
    const port = await start();
    const text = message(['alice+\u00e9te\u0301'], 'x').replace('example.org>', 'example.org> SMTPUTF8');
    expect(codes(await say({ port, host: '127.0.0.1' }, Buffer.from(text)))).toContain('250 2.1.5');
    expect((await contents('alice', '\u00e9t\u00e9'))[0]).toContain('with UTF8LMTP');
  });
});

describe('connections', () => {
  test('above the limit are told to come again', async () => {
    const port = await start({ connections: 1 });
    const first = connect(port, '127.0.0.1');
    await once(first, 'data');
    expect(codes(await say({ port, host: '127.0.0.1' }, ''))).toEqual(['421 4.3.2']);
    first.destroy();
  });

  test('above those that are told so are dropped', async () => {
    const port = await start({ connections: 1, refusals: 0 });
    const first = connect(port, '127.0.0.1');
    await once(first, 'data');
    const extra = connect(port, '127.0.0.1');
    extra.on('error', () => undefined); // a reset is one way to be dropped
    await once(extra, 'close');
    expect(extra.bytesRead).toBe(0);
    first.write('NOOP\r\n');
    expect(String((await once(first, 'data'))[0])).toMatch(/^250/);
    first.destroy();
  });

  test('that say nothing are ended with 421', async () => {
    const port = await start({ idle: 20 });
    expect(codes(await say({ port, host: '127.0.0.1' }, 'NOO'))).toEqual(['220', '421 4.4.2']);
  });

  test('that take nothing are hung up on', async () => {
    const port = await start({ idle: 50 });
    const socket = connect(port, '127.0.0.1');
    socket.pause();
    socket.on('error', () => undefined); // a reset is one way to hear of it
    const chunk = Buffer.from('HELP\r\n'.repeat(10_000));
    const push = () => {
      while (socket.writable && socket.write(chunk));
    };
    socket.on('drain', push);
    push();
    await new Promise<void>((resolve) => {
      socket.once('close', () => resolve());
    });
  });

  test('are ended with 421 when the server stops, and a delivery that runs is answered before', async () => {
    let begun: () => void = () => {};
    const beginning = new Promise<void>((resolve) => {
      begun = resolve;
    });
    let go: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    const slow: Mail = {
      async acquire(user) {
        begun();
        await held;
        return mail.acquire(user);
      },
    };
    const listener = listen(undefined, {}, slow);
    const port = (await listener.start()) ?? 0;
    const idle = say({ port, host: '127.0.0.1' }, 'NOOP\r\n');
    const busy = say({ port, host: '127.0.0.1' }, message(['alice'], 'x').replace('QUIT\r\n', ''));
    await beginning;
    const stopping = listener.stop();
    go();
    expect(codes(await idle).at(-1)).toBe('421 4.3.2');
    expect(codes(await busy).slice(-2)).toEqual(['250 2.1.5', '421 4.3.2']);
    await stopping;
    expect(await contents('alice')).toHaveLength(1);
  });
});

describe('a Unix socket', () => {
  test('delivers, is gone after the end, and one that a killed process left is taken over', async () => {
    const path = join(folder, 'run', 'lmtp');
    mkdirSync(dirname(path));
    const killed = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
    spawnSync(process.execPath, ['-e', killed]);
    expect(existsSync(path)).toBe(true);
    const listener = listen(path);
    await listener.start();
    expect(codes(await say({ path }, message(['alice'], 'x'))).slice(-2)).toEqual(['250 2.1.5', '221 2.0.0']);
    expect((await contents('alice'))[0]).toContain('Received: from test\r\n');
    await listener.stop();
    expect(existsSync(path)).toBe(false);
  });

  test('that is in use, and a file of that name, stay as they are', async () => {
    const path = join(folder, 'lmtp');
    const other = createServer().listen(path);
    await once(other, 'listening');
    await expect(listen(path).start()).rejects.toThrow(/in use.*imap\.lmtp_socket/);
    other.close();
    await once(other, 'close');
    writeFileSync(path, 'precious');
    await expect(listen(path).start()).rejects.toThrow(/in use.*SCORPIOX_IMAP_LMTP_SOCKET/);
    expect(existsSync(path)).toBe(true);
  });
});

test('a port in use is a sentence that names the key', async () => {
  const port = await start();
  const second = new LmtpListener({
    port,
    socket: undefined,
    delivery: createMailDelivery({ find: () => undefined }, mail),
    observer: silent,
    messageSize: 1,
    host: 'x',
    openSpool: () => new Spool({ folder, inMemory: 1, chunk: 1 }),
    newId: () => 'id',
    clock: Date.now,
    now: () => performance.now(),
  });
  await expect(second.start()).rejects.toThrow(
    `Port ${port} on 127.0.0.1 is in use. Set imap.lmtp_port (SCORPIOX_IMAP_LMTP_PORT) to another port, or to 0 for none.`,
  );
});

test('an operator sees a delivery, and can end one', async () => {
  const listener = listen();
  const port = await listener.start();
  const socket = connect({ port: port ?? 0, host: '127.0.0.1' });
  let said = '';
  socket.on('data', (chunk) => {
    said += chunk.toString('latin1');
  });
  socket.write('LHLO mx\r\nMAIL FROM:<a@b>\r\nRCPT TO:<alice>\r\nDATA\r\nSubject: ');
  const report = () => [...listener.connections].map((connection) => connection.report())[0];
  while (report()?.command?.name !== 'DATA') await new Promise((resolve) => setTimeout(resolve, 10));
  expect(report()).toMatchObject({ protocol: 'lmtp', user: null, address: '127.0.0.1', tls: null });
  for (const connection of listener.connections) connection.kick();
  await once(socket, 'close');
  expect(said).toMatch(/421 4\.3\.2 The operator ended this connection; try again later\.\r\n$/);
});
