// The two servers that are compared: each started on Maildirs of its own that hold the same messages, with the same accounts,
// the same certificate and the same hashes of passwords.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { THRIFT } from '../../apps/cli/src/ops/up/thrift.ts';
import { cleanEnv } from '../../tests/support/platform.ts';
import { startDovecot } from '../support/dovecot.ts';
import { ImapClient } from '../support/imap-client.ts';
import { PASSWORD, type Places } from './places.ts';

export interface Peer {
  readonly name: 'ours' | 'theirs';
  readonly pid: number;
  readonly port: number;
  readonly tlsPort: number;
  stop(): Promise<void>;
}

/** A connection that has signed in. */
export async function signIn(peer: Peer, user: string, tls = false): Promise<ImapClient> {
  const imap = await ImapClient.connect(tls ? peer.tlsPort : peer.port, tls);
  await imap.command(`LOGIN ${user} ${PASSWORD}`);
  return imap;
}

/** A connection that has signed in and selected INBOX. */
export async function selected(peer: Peer, user: string, tls = false): Promise<ImapClient> {
  const imap = await signIn(peer, user, tls);
  await imap.command('SELECT INBOX');
  return imap;
}

/** Node's flags of this process are the server's as well: `--cpu-prof` makes a profile of it. */
const FLAGS = process.execArgv;
const MAIN = fileURLToPath(new URL('../../apps/imap/src/main.ts', import.meta.url));

function portsOf(message: unknown): [number, number] {
  const { addresses } = message as { addresses: readonly string[] }; // what main.ts says when it listens
  const [port, tlsPort] = addresses.map((address) => Number(new URL(address).port));
  if (port === undefined || tlsPort === undefined) throw new Error('the server did not say where it listens');
  return [port, tlsPort];
}

/** Our server as `scorpiox up` starts it: one process, everything else as it comes. */
export async function startOurs(places: Places, textIndex: boolean): Promise<Peer> {
  const env = cleanEnv({
    ...THRIFT.imap.env,
    SCORPIOX_DATA_DIR: places.ours.folder,
    SCORPIOX_IMAP_MAIL_ROOT: places.ours.mail,
    SCORPIOX_IMAP_PORT: '0',
    SCORPIOX_IMAP_TLS_PORT: '0',
    SCORPIOX_IMAP_LMTP_PORT: '0',
    SCORPIOX_IMAP_ADMIN_PORT: '0',
    SCORPIOX_IMAP_WORKERS: '1',
    SCORPIOX_IMAP_TLS_CERT: places.certificate.certFile,
    SCORPIOX_IMAP_TLS_KEY: places.certificate.keyFile,
    SCORPIOX_IMAP_TEXT_INDEX: String(textIndex),
  });
  const log = openSync(join(places.ours.folder, 'log'), 'a');
  const child: ChildProcess = fork(MAIN, {
    env,
    execArgv: [...THRIFT.imap.flags, ...FLAGS],
    stdio: ['ignore', 'inherit', log, 'ipc'],
  });
  closeSync(log);
  const [ready] = await once(child, 'message');
  const [port, tlsPort] = portsOf(ready);
  if (child.pid === undefined) throw new Error('our server does not run');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  return { name: 'ours', pid: child.pid, port, tlsPort, stop };
}

/**
 * Dovecot with the settings that its manual gives for many connections: without them a login process serves one
 * connection, and a hundred processes are the limit. Its cache of accounts is on, as ours is; it works out the hash all the same.
 */
const MANY = `
auth_cache_size = 10M
mail_max_userip_connections = 2000
service imap-login {
  service_count = 0
  process_min_avail = 2
  client_limit = 2000
}
service imap {
  process_limit = 2000
}
service auth {
  client_limit = 5000
}
service anvil {
  client_limit = 5000
}
`;

export async function startTheirs(places: Places): Promise<Peer> {
  const { pid, port, tlsPort, stop } = await startDovecot(join(places.theirs.mail, '%u', 'Maildir'), {
    root: places.theirs.mail,
    passwordFile: places.theirs.passwords,
    tls: places.certificate,
    more: MANY,
  });
  return { name: 'theirs', pid, port, tlsPort, stop };
}
