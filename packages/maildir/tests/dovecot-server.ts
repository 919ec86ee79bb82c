/** A Dovecot of a test's own, on loopback and a temporary folder, and the little of an IMAP client that speaks to it. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, onTestFinished, test } from 'vitest';

const has = (program: string): boolean =>
  spawnSync('sh', ['-c', `PATH=$PATH:/usr/sbin:/sbin command -v ${program}`]).status === 0;

/** Dovecot gives mail to no user 0: for root, it runs in a user namespace in which root's files are nobody's. */
const asRoot = process.getuid?.() === 0;

/** What keeps Dovecot from being run here; undefined when nothing does. */
function obstacle(): string | undefined {
  if (!has('dovecot')) return 'dovecot (apt-get install -y dovecot-imapd)';
  const usable = !asRoot || spawnSync('unshare', ['--user', 'true']).status === 0;
  return usable ? undefined : 'user namespaces, or a user other than root';
}

/** `describe` for tests that need Dovecot. */
export function describeWithDovecot(title: string, body: () => void): void {
  const missing = obstacle();
  const reason = `${title}: needs ${missing}`;
  if (missing === undefined) describe(title, body);
  else if (process.env.SCORPIOX_REQUIRE_ALL !== '1') describe.skip(reason, body);
  else {
    test(reason, () => {
      throw new Error(`missing: ${missing}`);
    });
  }
}

const user = asRoot ? { name: 'nobody', group: 'nogroup', uid: 65534, gid: 65534 } : ownUser();

function ownUser(): { name: string; group: string; uid: number; gid: number } {
  const { username: name, uid, gid } = userInfo();
  return { name, uid, gid, group: spawnSync('id', ['-gn'], { encoding: 'utf8' }).stdout.trim() };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No port was given.');
  return address.port;
}

const configuration = (folder: string, maildir: string, port: number): string => `
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
protocols = imap
ssl = no
listen = 127.0.0.1
disable_plaintext_auth = no
default_internal_user = ${user.name}
default_login_user = ${user.name}
default_internal_group = ${user.group}
first_valid_uid = 0
first_valid_gid = 0
mail_location = maildir:${maildir}
passdb {
  driver = static
  args = nopassword=y
}
userdb {
  driver = static
  args = uid=${user.uid} gid=${user.gid} home=${folder}/home
}
service anvil {
  chroot =
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
`;

/** A message as FETCH shows it. */
export interface Fetched {
  readonly uid: number;
  /** Sorted, without \Recent. */
  readonly flags: readonly string[];
  /** Seconds since the epoch. */
  readonly date: number;
  readonly size: number;
}

function parseFetch(line: string): Fetched | undefined {
  const uid = /\bUID (\d+)/.exec(line)?.[1];
  const flags = /FLAGS \(([^)]*)\)/.exec(line)?.[1];
  if (uid === undefined || flags === undefined) return undefined;
  return {
    uid: Number(uid),
    flags: flags
      .split(' ')
      .filter((flag) => flag !== '' && flag !== '\\Recent')
      .sort(),
    date: Date.parse((/INTERNALDATE "([^"]*)"/.exec(line)?.[1] ?? '').replace(/^ /, '').replaceAll('-', ' ')) / 1000,
    size: Number(/RFC822\.SIZE (\d+)/.exec(line)?.[1]),
  };
}

/** One session. */
export class DovecotSession {
  readonly #socket: Socket;
  readonly #lines: AsyncIterator<string>;
  #tags = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  }

  async line(): Promise<string> {
    const next = await this.#lines.next();
    if (next.done === true) throw new Error('Dovecot closed the connection.');
    return next.value;
  }

  /** Sends a command and a literal that may belong to it; returns the untagged lines and the tagged one. */
  async command(text: string, literal?: string): Promise<readonly string[]> {
    const tag = `t${++this.#tags}`;
    this.#socket.write(`${tag} ${text}${literal === undefined ? '' : ` {${Buffer.byteLength(literal)}}`}\r\n`);
    const answer: string[] = [];
    for (;;) {
      const line = await this.line();
      if (line.startsWith('+ ') && literal !== undefined) this.#socket.write(`${literal}\r\n`);
      else answer.push(line);
      if (line.startsWith(`${tag} OK`)) return answer;
      if (line.startsWith(`${tag} `)) throw new Error(`${text}: ${line}`);
    }
  }

  /** Appends and returns the UID. */
  async append(mailbox: string, subject: string, flags = ''): Promise<number> {
    const date = '"17-Jul-2020 02:44:25 +0200"';
    const answer = await this.command(
      `APPEND "${mailbox}" (${flags}) ${date}`,
      `Subject: ${subject}\r\n\r\nHello.\r\n`,
    );
    return Number(/APPENDUID \d+ (\d+)/.exec(answer.join('\n'))?.[1]);
  }

  async fetchAll(mailbox: string): Promise<readonly Fetched[]> {
    await this.command(`SELECT "${mailbox}"`);
    const lines = await this.command('UID FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE)');
    return lines.map(parseFetch).filter((one) => one !== undefined);
  }

  /** UIDVALIDITY and UIDNEXT. */
  async uids(mailbox: string): Promise<{ readonly uidValidity: number; readonly uidNext: number }> {
    const [line = ''] = await this.command(`STATUS "${mailbox}" (UIDVALIDITY UIDNEXT)`);
    const read = (name: string): number => Number(new RegExp(`${name} (\\d+)`).exec(line)?.[1]);
    return { uidValidity: read('UIDVALIDITY'), uidNext: read('UIDNEXT') };
  }

  /** The subjects of all messages. */
  async subjects(mailbox: string): Promise<readonly string[]> {
    await this.command(`SELECT "${mailbox}"`);
    const lines = await this.command('UID FETCH 1:* (BODY.PEEK[HEADER.FIELDS (SUBJECT)])');
    return lines.flatMap((line) => /^Subject: (.*)$/.exec(line)?.[1] ?? []);
  }

  async close(): Promise<void> {
    await this.command('LOGOUT');
    this.#socket.destroy();
  }
}

async function greeted(port: number): Promise<DovecotSession | undefined> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
  } catch {
    return undefined; // it is not listening yet
  }
  const session = new DovecotSession(socket);
  await session.line();
  await session.command('LOGIN user password');
  return session;
}

export interface Dovecot {
  session(): Promise<DovecotSession>;
  stop(): Promise<void>;
}

/** Starts Dovecot on this Maildir; it is stopped when the test ends. */
export async function startDovecot(maildir: string): Promise<Dovecot> {
  const folder = mkdtempSync(join(tmpdir(), 'scorpiox-dovecot-'));
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'home'));
  const port = await freePort();
  const file = join(folder, 'dovecot.conf');
  writeFileSync(file, configuration(folder, maildir, port));
  const namespace = asRoot ? ['unshare', '--user', `--map-user=${user.uid}`, `--map-group=${user.gid}`] : [];
  const [command = 'dovecot', ...args] = [...namespace, 'dovecot', '-F', '-c', file];
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
  const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const exited = once(child, 'exit');
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  onTestFinished(stop);
  return {
    stop,
    async session() {
      while (child.exitCode === null) {
        const session = await greeted(port);
        if (session !== undefined) return session;
        await pause(50);
      }
      const log = join(folder, 'log');
      throw new Error(`Dovecot did not start: ${existsSync(log) ? readFileSync(log, 'utf8') : 'it left no log'}`);
    },
  };
}
