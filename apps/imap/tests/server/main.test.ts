/** The process: its start, its end, and what it says when it cannot start; alone, and with workers. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Client } from '../support/client.ts';
import { ANY_PORTS, addUser, freePort, type MainProcess, startMain, startRunning } from '../support/main-process.ts';

let folder: string;
let running: MainProcess | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'imap-main-'));
});
afterEach(async () => {
  running?.child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

describe.each(['1', '2'])('with %s workers', (workers) => {
  const start = (env: Record<string, string> = {}, args: string[] = []): MainProcess => {
    running = startMain(folder, { ...ANY_PORTS, SCORPIOX_IMAP_WORKERS: workers, ...env }, args);
    return running;
  };

  const run = async (env: Record<string, string> = {}) => {
    const server = await startRunning(folder, { SCORPIOX_IMAP_WORKERS: workers, ...env });
    running = server;
    return server;
  };

  const taken = async () => {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    // A listening TCP server's address is always one of a port.
    return { server, port: (server.address() as AddressInfo).port };
  };

  test('says where it listens, serves, and stops with BYE when told to', async () => {
    const [port, tlsPort] = [await freePort(), await freePort()];
    const { child, exit } = start({ SCORPIOX_IMAP_PORT: `${port}`, SCORPIOX_IMAP_TLS_PORT: `${tlsPort}` });
    const [message] = await once(child, 'message');
    expect(message).toEqual({
      type: 'ready',
      addresses: [`imap://127.0.0.1:${port}`, `imaps://127.0.0.1:${tlsPort}`],
    });
    const client = await Client.plain(port);
    expect(await client.line()).toMatch(/^\* OK \[CAPABILITY IMAP4rev1/);
    expect((await client.command('LOGIN nobody wrong')).result).toMatch(/^NO \[AUTHENTICATIONFAILED\]/);
    child.kill('SIGTERM');
    expect(await client.until('* BYE')).toHaveLength(1);
    expect((await exit).code).toBe(0);
  });

  test('a new account finds its mailboxes, and one that it deletes stays away', async () => {
    await addUser(folder, 'ann');
    const server = await run();
    const client = await server.signIn('ann');
    expect(await client.ok('LIST (SPECIAL-USE SUBSCRIBED) "" "*"')).toEqual(
      ['Archive', 'Drafts', 'Junk', 'Sent', 'Trash'].map((name) =>
        expect.stringContaining(`\\Subscribed \\${name}) "." ${name}`),
      ),
    );
    await client.ok('DELETE Junk');
    await client.ok('LOGOUT');
    const again = await server.signIn('ann');
    expect(await again.ok('LIST "" "%"')).toHaveLength(5);
    again.close();
  });

  test('the configuration has its word on the limits', async () => {
    await addUser(folder, 'ann');
    const limits = { SCORPIOX_IMAP_MAX_MESSAGE_SIZE: '7', SCORPIOX_IMAP_MAX_CONNECTIONS_PER_USER: '1' };
    const server = await run(limits);
    const [client, second] = await Promise.all([Client.plain(server.port), Client.plain(server.port)]);
    await client.ok('LOGIN ann "correct horse"');
    expect(await client.ok('CAPABILITY')).toEqual([expect.stringContaining(` APPENDLIMIT=${7 * 1024 * 1024} `)]);
    expect((await second.command('LOGIN ann "correct horse"')).result).toMatch(/^NO \[LIMIT\]/);
  });

  test('the operator sees who is there, and until when', async () => {
    await addUser(folder, 'ann');
    const server = await run();
    expect((await server.ask('/readyz')).status).toBe(200);
    const client = await Client.plain(server.port);
    await client.ok('LOGIN ann "correct horse"');
    await client.ok('SELECT INBOX');
    const { sessions } = JSON.parse(await (await server.ask('/sessions')).text());
    expect(sessions).toMatchObject([{ user: 'ann', mailbox: 'INBOX', tls: null }]);
    expect(sessions[0].pid === server.child.pid).toBe(workers === '1');
    const metrics = await (await server.ask('/metrics')).text();
    expect(metrics).toContain('scorpiox_maildir_open_stores 1\n');
    expect(metrics).toContain('scorpiox_imap_sign_ins_total{result="good"} 1\n');
    expect(metrics).toContain(`scorpiox_imap_processes ${workers}\n`);
    expect((await server.ask('/reload', 'POST')).status).toBe(200);
    expect((await server.ask(`/sessions/${sessions[0].id}/kick`, 'POST')).status).toBe(200);
    await client.until('* BYE');
    const token = (await readFile(join(folder, 'imap-admin.token'), 'utf8')).trim();
    server.child.kill('SIGTERM');
    const { code, text } = await server.exit;
    expect(code).toBe(0);
    expect(text).not.toContain(token);
    expect(text).not.toContain('correct horse');
  });

  test('an admin port in use is a sentence that names the key', async () => {
    const { server, port } = await taken();
    const { code, text } = await start({ SCORPIOX_IMAP_ADMIN_PORT: `${port}` }).exit;
    server.close();
    expect(code).toBe(69);
    expect(text).toContain('Set imap.admin_port (SCORPIOX_IMAP_ADMIN_PORT) to another port, or to 0 for none.');
  });

  test('a second signal does not cut short what the first began', async () => {
    // Nobody listens there: at its end the server tries to deliver for a while, and is still there for the second signal.
    const nowhere = 'InstrumentationKey=00000000-0000-4000-8000-000000000000;IngestionEndpoint=http://127.0.0.1:9';
    const server = await run({ SCORPIOX_TELEMETRY_CONNECTION_STRING: nowhere });
    const client = await Client.plain(server.port);
    await client.line();
    server.child.kill('SIGTERM');
    await client.until('* BYE');
    server.child.kill('SIGTERM');
    expect((await server.exit).text).toContain('telemetry events were dropped');
  });

  test('a signal that comes while it starts ends it in good order, with nothing left of it', async () => {
    const { child, exit, said } = start();
    // It makes its certificates early, and has much to do behind that.
    await vi.waitFor(() => expect(existsSync(join(folder, 'tls'))).toBe(true), { timeout: 30_000, interval: 1 });
    child.kill('SIGTERM');
    expect((await exit).code).toBe(0);
    const pids = [...said().matchAll(/"workerPid":(\d+)/g)].map(([, pid]) => pid);
    expect(pids.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
  });

  test('stops when its parent is gone', async () => {
    const { child, exit } = await run();
    child.disconnect();
    expect((await exit).code).toBe(0);
  });

  test('a port in use is a sentence that names the key', async () => {
    const { server, port } = await taken();
    const { code, text } = await start({ SCORPIOX_IMAP_TLS_PORT: `${port}` }).exit;
    server.close();
    expect(code).toBe(69);
    expect(text).toContain(
      `Port ${port} on 127.0.0.1 is in use. Set imap.tls_port (SCORPIOX_IMAP_TLS_PORT) to another port.`,
    );
  });

  test('accounts that cannot be read are a sentence, said once', async () => {
    await writeFile(join(folder, 'accounts.db'), 'This is no database. '.repeat(100));
    const { code, text } = await start({}).exit;
    expect(code).toBe(78);
    expect(text.match(/The accounts in .*accounts\.db cannot be used/g)).toHaveLength(1);
  });

  test('certificates that cannot be read are a sentence that names the keys', async () => {
    await writeFile(join(folder, 'bad.pem'), 'no certificate');
    const file = join(folder, 'bad.pem');
    const { code, text } = await start({ SCORPIOX_IMAP_TLS_CERT: file, SCORPIOX_IMAP_TLS_KEY: file }).exit;
    expect(code).toBe(78);
    expect(text.match(/The TLS certificate cannot be used \(imap\.tls_cert/g)).toHaveLength(1);
  });
});

test.each([
  [{ SCORPIOX_IMAP_PORT: 'many' }, [], /imap\.port/],
  [{ SCORPIOX_IMAP_PROT: '1' }, [], /SCORPIOX_IMAP_PROT/],
  [{}, ['--frob'], /--frob/],
] as const)('bad configuration %j %j', async (env, args, expected) => {
  const { code, text } = await startMain(folder, { ...env }, args).exit;
  expect(code).toBe(64);
  expect(text).toMatch(expected);
});
