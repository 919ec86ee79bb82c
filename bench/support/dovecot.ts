// The peer: Debian's Dovecot (package dovecot-imapd) on loopback, on Maildirs of ours. As it comes: only what a private
// instance needs is set, and what a benchmark names.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ImapClient } from './imap-client.ts';

const PROGRAM = '/usr/sbin/dovecot';
/** It serves no mail as root, so root gives the Maildir to this user. */
const NOBODY = 65_534;
const USER = 'bench';
const PASSWORD = 'bench-password';

/** What differs from one user on one Maildir who needs no password. */
export interface DovecotSettings {
  /** Users with passwords; `%u` in the Maildir's path is the user's name. Without it any name and password are good. */
  readonly passwordFile?: string;
  /** Turns the TLS port on. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
  /** Lines for the configuration's end. */
  readonly more?: string;
  /** The folder that Dovecot must own: by default the Maildir. */
  readonly root?: string;
}

export interface Dovecot {
  readonly pid: number;
  readonly port: number;
  /** 0 where TLS is off. */
  readonly tlsPort: number;
  /** A signed-in connection of the one user. */
  connect(): Promise<ImapClient>;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

interface Places {
  readonly folder: string;
  readonly port: number;
  readonly tlsPort: number;
  readonly maildir: string;
}

function configuration({ folder, port, tlsPort, maildir }: Places, settings: DovecotSettings): string {
  const { username, uid, gid } = userInfo();
  const { tls, passwordFile, more = '' } = settings;
  const asRoot = uid === 0; // then its own users stand ready
  return `
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
protocols = imap
listen = 127.0.0.1
${tls === undefined ? 'ssl = no' : `ssl = yes\nssl_cert = <${tls.certFile}\nssl_key = <${tls.keyFile}`}
disable_plaintext_auth = no
${asRoot ? '' : `default_internal_user = ${username}\ndefault_login_user = ${username}`}
first_valid_uid = 0
last_valid_uid = 0
first_valid_gid = 0
mail_location = maildir:${maildir}
mail_max_userip_connections = 100
passdb {
  ${passwordFile === undefined ? 'driver = static\n  args = nopassword=y' : `driver = passwd-file\n  args = ${passwordFile}`}
}
userdb {
  driver = static
  args = uid=${asRoot ? NOBODY : uid} gid=${asRoot ? NOBODY : gid} home=${folder}/home
}
namespace inbox {
  inbox = yes
}
service imap-login {
  ${asRoot ? '' : 'chroot ='}
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = ${tlsPort}
    ssl = yes
  }
}
${more}
`;
}

/** What `work` resolves with, unless it takes longer than this many milliseconds. */
function within<T>(limit: number, work: Promise<T>): Promise<T> {
  const late = pause(limit, undefined, { ref: false }).then(() => {
    throw new Error('Dovecot does not answer; its log lies beside its configuration');
  });
  return Promise.race([work, late]);
}

/** Starts it; waits until it answers. */
export async function startDovecot(maildir: string, settings: DovecotSettings = {}): Promise<Dovecot> {
  const folder = mkdtempSync(join(tmpdir(), 'dovecot-'));
  const port = await freePort();
  const tlsPort = settings.tls === undefined ? 0 : await freePort();
  const root = settings.root ?? maildir;
  chmodSync(folder, 0o755);
  for (const name of ['run', 'state', 'home']) mkdirSync(join(folder, name), { mode: 0o755 });
  if (userInfo().uid === 0) {
    chmodSync(dirname(root), 0o755);
    spawnSync('chown', ['-R', `${NOBODY}:${NOBODY}`, root, join(folder, 'home')]);
  }
  const file = join(folder, 'dovecot.conf');
  writeFileSync(file, configuration({ folder, port, tlsPort, maildir }, settings));
  const child: ChildProcess = spawn(PROGRAM, ['-F', '-c', file], { stdio: 'inherit' });
  const connect = async (): Promise<ImapClient> => {
    const imap = await ImapClient.connect(port);
    await imap.command(`LOGIN ${USER} ${PASSWORD}`);
    return imap;
  };
  for (let attempt = 1; ; attempt += 1) {
    try {
      (await within(2_000, connect())).close();
      break;
    } catch (error) {
      if (attempt === 60) throw error;
      await pause(50);
    }
  }
  if (child.pid === undefined) throw new Error('Dovecot does not run');
  return {
    pid: child.pid,
    port,
    tlsPort,
    connect,
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
