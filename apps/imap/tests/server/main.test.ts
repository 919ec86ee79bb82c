/** The process: its start, its end, and what it says when it cannot start. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openAccounts } from '@scorpiox/shared/accounts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Client } from '../support/client.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
let folder: string;
let child: ChildProcess | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'imap-main-'));
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

function start(env: Record<string, string>, args: string[] = []) {
  const process_ = fork(MAIN, args, {
    silent: true,
    env: { PATH: process.env.PATH ?? '', SCORPIOX_DATA_DIR: folder, ...env },
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  child = process_;
  let text = '';
  process_.stderr?.on('data', (chunk) => {
    text += chunk;
  });
  process_.stdout?.resume();
  // Both: what it said has to be complete.
  const said = process_.stderr === null ? undefined : once(process_.stderr, 'end');
  const exit = Promise.all([once(process_, 'exit'), said]).then(([[code]]) => ({ code: Number(code), text }));
  return { child: process_, exit };
}

async function freePorts(): Promise<Record<string, string>> {
  const servers = [createServer(), createServer()];
  const ports: number[] = [];
  for (const server of servers) {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    // A listening TCP server's address is always one of a port.
    ports.push((server.address() as AddressInfo).port);
  }
  for (const server of servers) await new Promise((resolve) => server.close(resolve));
  return {
    SCORPIOX_IMAP_PORT: String(ports[0]),
    SCORPIOX_IMAP_TLS_PORT: String(ports[1]),
    SCORPIOX_IMAP_LMTP_PORT: '0',
    SCORPIOX_IMAP_ADMIN_PORT: '0',
  };
}

async function freeAdminPort(): Promise<Record<string, string>> {
  const { SCORPIOX_IMAP_PORT: port = '' } = await freePorts();
  return { SCORPIOX_IMAP_ADMIN_PORT: port };
}

test('says where it listens, serves, and stops with BYE when told to', async () => {
  const ports = await freePorts();
  const { child: process_, exit } = start(ports);
  const [message] = await once(process_, 'message');
  expect(message).toEqual({
    type: 'ready',
    addresses: [`imap://127.0.0.1:${ports.SCORPIOX_IMAP_PORT}`, `imaps://127.0.0.1:${ports.SCORPIOX_IMAP_TLS_PORT}`],
  });
  const client = await Client.plain(Number(ports.SCORPIOX_IMAP_PORT));
  expect(await client.line()).toMatch(/^\* OK \[CAPABILITY IMAP4rev1/);
  expect((await client.command('LOGIN nobody wrong')).result).toMatch(/^NO \[AUTHENTICATIONFAILED\]/);
  process_.kill('SIGTERM');
  expect(await client.until('* BYE')).toHaveLength(1);
  expect((await exit).code).toBe(0);
});

test('a new account finds its mailboxes, and one that it deletes stays away', async () => {
  const accounts = openAccounts(join(folder, 'accounts.db'));
  await accounts.add({ name: 'ann', password: 'correct horse' });
  accounts.close();
  const ports = await freePorts();
  await once(start(ports).child, 'message');
  const signIn = async () => {
    const client = await Client.plain(Number(ports.SCORPIOX_IMAP_PORT));
    await client.ok('LOGIN ann "correct horse"');
    return client;
  };
  const client = await signIn();
  expect(await client.ok('LIST (SPECIAL-USE SUBSCRIBED) "" "*"')).toEqual(
    ['Archive', 'Drafts', 'Junk', 'Sent', 'Trash'].map((name) =>
      expect.stringContaining(`\\Subscribed \\${name}) "." ${name}`),
    ),
  );
  await client.ok('DELETE Junk');
  await client.ok('LOGOUT');
  const again = await signIn();
  expect(await again.ok('LIST "" "%"')).toHaveLength(5);
  again.close();
});

test('the configuration has its word on the limits', async () => {
  const accounts = openAccounts(join(folder, 'accounts.db'));
  await accounts.add({ name: 'ann', password: 'correct horse' });
  accounts.close();
  const ports = await freePorts();
  const limits = { SCORPIOX_IMAP_MAX_MESSAGE_SIZE: '7', SCORPIOX_IMAP_MAX_CONNECTIONS_PER_USER: '1' };
  await once(start({ ...ports, ...limits }).child, 'message');
  const [first, second] = [0, 0].map(() => Client.plain(Number(ports.SCORPIOX_IMAP_PORT)));
  const client = await first;
  await client?.ok('LOGIN ann "correct horse"');
  expect(await client?.ok('CAPABILITY')).toEqual([expect.stringContaining(` APPENDLIMIT=${7 * 1024 * 1024} `)]);
  expect((await (await second)?.command('LOGIN ann "correct horse"'))?.result).toMatch(/^NO \[LIMIT\]/);
});

test('the operator sees who is there, and until when', async () => {
  const accounts = openAccounts(join(folder, 'accounts.db'));
  await accounts.add({ name: 'ann', password: 'correct horse' });
  accounts.close();
  const ports = { ...(await freePorts()), ...(await freeAdminPort()) };
  const { child: process_, exit } = start(ports);
  await once(process_, 'message');
  const token = (await readFile(join(folder, 'imap-admin.token'), 'utf8')).trim();
  const ask = (path: string, method = 'GET') =>
    fetch(`http://127.0.0.1:${ports.SCORPIOX_IMAP_ADMIN_PORT}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
    });
  expect((await ask('/readyz')).status).toBe(200);
  const client = await Client.plain(Number(ports.SCORPIOX_IMAP_PORT));
  await client.ok('LOGIN ann "correct horse"');
  await client.ok('SELECT INBOX');
  const { sessions } = JSON.parse(await (await ask('/sessions')).text());
  expect(sessions).toMatchObject([{ user: 'ann', mailbox: 'INBOX', pid: process_.pid, tls: null }]);
  const metrics = await (await ask('/metrics')).text();
  expect(metrics).toContain('scorpiox_maildir_open_stores 1\n');
  expect(metrics).toContain('scorpiox_imap_sign_ins_total{result="good"} 1\n');
  expect((await ask('/reload', 'POST')).status).toBe(200);
  expect((await ask(`/sessions/${sessions[0].id}/kick`, 'POST')).status).toBe(200);
  await client.until('* BYE');
  process_.kill('SIGTERM');
  const { code, text } = await exit;
  expect(code).toBe(0);
  expect(text).not.toContain(token);
  expect(text).not.toContain('correct horse');
});

test('an admin port in use is a sentence that names the key', async () => {
  const taken = createServer();
  await once(taken.listen(0, '127.0.0.1'), 'listening');
  const { port } = taken.address() as AddressInfo; // a listening TCP server's address is always one of a port
  const { code, text } = await start({ ...(await freePorts()), SCORPIOX_IMAP_ADMIN_PORT: String(port) }).exit;
  taken.close();
  expect(code).toBe(69);
  expect(text).toContain('Set imap.admin_port (SCORPIOX_IMAP_ADMIN_PORT) to another port, or to 0 for none.');
});

test('a second signal does not cut short what the first began', async () => {
  const ports = await freePorts();
  // Nobody listens there: at its end the server tries to deliver for a while, and is still there for the second signal.
  const nowhere = 'InstrumentationKey=00000000-0000-4000-8000-000000000000;IngestionEndpoint=http://127.0.0.1:9';
  const { child: process_, exit } = start({ ...ports, SCORPIOX_TELEMETRY_CONNECTION_STRING: nowhere });
  await once(process_, 'message');
  const client = await Client.plain(Number(ports.SCORPIOX_IMAP_PORT));
  await client.line();
  process_.kill('SIGTERM');
  await client.until('* BYE');
  process_.kill('SIGTERM');
  expect((await exit).text).toContain('telemetry events were dropped');
});

test('stops when its parent is gone', async () => {
  const { child: process_, exit } = start(await freePorts());
  await once(process_, 'message');
  process_.disconnect();
  expect((await exit).code).toBe(0);
});

test('a port in use is a sentence that names the key', async () => {
  const taken = createServer();
  await once(taken.listen(0, '127.0.0.1'), 'listening');
  const { port } = taken.address() as AddressInfo; // a listening TCP server's address is always one of a port
  const free = await freePorts();
  const { code, text } = await start({ ...free, SCORPIOX_IMAP_TLS_PORT: String(port) }).exit;
  taken.close();
  expect(code).toBe(69);
  expect(text).toContain(
    `Port ${port} on 127.0.0.1 is in use. Set imap.tls_port (SCORPIOX_IMAP_TLS_PORT) to another port.`,
  );
});

test.each([
  [{ SCORPIOX_IMAP_PORT: 'many' }, [], /imap\.port/],
  [{ SCORPIOX_IMAP_PROT: '1' }, [], /SCORPIOX_IMAP_PROT/],
  [{}, ['--frob'], /--frob/],
] as const)('bad configuration %j %j', async (env, args, expected) => {
  const { code, text } = await start({ ...env }, [...args]).exit;
  expect(code).toBe(64);
  expect(text).toMatch(expected);
});
