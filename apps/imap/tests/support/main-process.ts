/** The server as its users start it: main.ts in a process of its own, over a folder of its own. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openAccounts } from '@scorpiox/shared/accounts';
import { Client } from './client.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export const PASSWORD = 'correct horse';

export interface MainProcess {
  readonly child: ChildProcess;
  /** How it ended, with all that it said on stderr. */
  readonly exit: Promise<{ readonly code: number | null; readonly text: string }>;
  /** What it has said on stderr so far. */
  said(): string;
}

export function startMain(folder: string, env: Record<string, string>, args: readonly string[] = []): MainProcess {
  const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env;
  const child = fork(MAIN, args, {
    silent: true,
    env: { PATH, NODE_COMPILE_CACHE, SCORPIOX_DATA_DIR: folder, ...env },
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  let text = '';
  child.stderr?.on('data', (chunk) => {
    text += chunk;
  });
  child.stdout?.resume();
  // Both: what it said has to be complete.
  const said = child.stderr === null ? undefined : once(child.stderr, 'end');
  const exit = Promise.all([once(child, 'exit'), said]).then(([[code]]) => ({ code, text }));
  return { child, exit, said: () => text };
}

/** A port that nobody listens on, for now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo; // a listening TCP server's address is always one of a port
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Any free ports for IMAP, and none for the rest. */
export const ANY_PORTS = {
  SCORPIOX_IMAP_PORT: '0',
  SCORPIOX_IMAP_TLS_PORT: '0',
  SCORPIOX_IMAP_LMTP_PORT: '0',
  SCORPIOX_IMAP_ADMIN_PORT: '0',
};

export async function addUser(folder: string, name: string): Promise<void> {
  const accounts = openAccounts(join(folder, 'accounts.db'));
  await accounts.add({ name, password: PASSWORD });
  accounts.close();
}

export interface RunningServer extends MainProcess {
  readonly port: number;
  readonly tlsPort: number;
  /** The certificate to trust. */
  readonly ca: string;
  /** Asks the operator's port. */
  ask(path: string, method?: string): Promise<Response>;
  /** Gives it JSON. */
  post(path: string, body: unknown): Promise<Response>;
  /** A TLS connection past its greeting. */
  connect(): Promise<Client>;
  /** The same, signed in. */
  signIn(user: string): Promise<Client>;
}

/** Starts it, the operator's port included, and waits until it listens. */
export async function startRunning(folder: string, env: Record<string, string> = {}): Promise<RunningServer> {
  const adminPort = await freePort();
  const main = startMain(folder, { ...ANY_PORTS, SCORPIOX_IMAP_ADMIN_PORT: `${adminPort}`, ...env });
  const ended = main.exit.then(({ code, text }) => {
    throw new Error(`The server ended with ${code}: ${text}`);
  });
  ended.catch(() => {}); // it ends at last, after the test
  const [{ addresses }] = await Promise.race([once(main.child, 'message'), ended]);
  const [port = 0, tlsPort = 0] = addresses.map((address: string) => Number(new URL(address).port));
  const token = (await readFile(join(folder, 'imap-admin.token'), 'utf8')).trim();
  const ca = join(folder, 'tls', 'ca.pem');
  const admin = `http://127.0.0.1:${adminPort}`;
  const headers = { authorization: `Bearer ${token}` };
  const connect = async () => {
    const client = await Client.overTls(tlsPort, ca);
    await client.line();
    return client;
  };
  return {
    ...main,
    port,
    tlsPort,
    ca,
    connect,
    ask: (path, method = 'GET') => fetch(`${admin}${path}`, { method, headers }),
    post: (path, body) => fetch(`${admin}${path}`, { method: 'POST', headers, body: JSON.stringify(body) }),
    signIn: async (user) => {
      const client = await connect();
      await client.ok(`LOGIN ${user} "${PASSWORD}"`);
      return client;
    },
  };
}
