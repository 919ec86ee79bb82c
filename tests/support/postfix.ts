// A private Postfix that runs Debian's programs on a configuration and a queue of its own: it listens nowhere, takes what
// its sendmail is given, and passes everything for example.net on to `transport`. Needs root, as every Postfix does.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { mustRun } from './process.ts';
import { describeWith } from './programs.ts';

export interface Postfix {
  /** Gives a message to sendmail; resolves when it is in the queue. */
  send(from: string, to: readonly string[], message: string | Uint8Array, ...more: readonly string[]): Promise<void>;
  /** What Postfix logged. */
  log(): Promise<string>;
  /** Tries at once again what is put off. */
  flush(): Promise<void>;
  /** Recipients that wait in the queue. */
  waiting(): Promise<string[]>;
  stop(): Promise<void>;
}

const services = `
pickup    unix  n - n 1 1   pickup
cleanup   unix  n - n - 0   cleanup
qmgr      unix  n - n 300 1 qmgr
rewrite   unix  - - n - -   trivial-rewrite
bounce    unix  - - n - 0   bounce
defer     unix  - - n - 0   bounce
trace     unix  - - n - 0   bounce
verify    unix  - - n - 1   verify
flush     unix  n - n 1000? 0 flush
proxymap  unix  - - n - -   proxymap
error     unix  - - n - -   error
retry     unix  - - n - -   error
discard   unix  - - n - -   discard
showq     unix  n - n - -   showq
lmtp      unix  - - n - -   lmtp
scache    unix  - - n - 1   scache
postlog   unix-dgram n - n - 1 postlogd
`;

const settings = (folder: string, transport: string) => `
compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
meta_directory = /etc/postfix
shlib_directory = /usr/lib/postfix
mail_owner = postfix
setgid_group = postdrop
maillog_file = ${folder}/log
maillog_file_prefixes = ${folder}
myhostname = mta.example.net
inet_interfaces = loopback-only
inet_protocols = ipv4
mydestination =
alias_maps =
local_recipient_maps =
virtual_mailbox_domains = example.net
virtual_mailbox_maps =
virtual_transport = ${transport}
default_transport = discard:
recipient_delimiter = +
smtputf8_enable = yes
message_size_limit = 100000000
mailbox_size_limit = 0
virtual_mailbox_limit = 0
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
`;

/** Runs a program as root and returns what it printed. */
function asRoot(command: string, args: readonly string[], input: Uint8Array | string = ''): Promise<Buffer> {
  const path = `/usr/sbin/${command}`;
  const program = existsSync(path) ? path : command;
  return isRoot() ? mustRun(program, args, { input }) : mustRun('sudo', ['-n', program, ...args], { input });
}

const isRoot = (): boolean => process.getuid?.() === 0;

/** @param transport as `lmtp:inet:127.0.0.1:1124` or `lmtp:unix:/path`. */
export async function startPostfix(transport: string): Promise<Postfix> {
  const folder = mkdtempSync(join(tmpdir(), 'postfix-'));
  chmodSync(folder, 0o755);
  for (const name of ['queue', 'data', 'conf']) mkdirSync(join(folder, name), { mode: 0o755 });
  const conf = join(folder, 'conf');
  const log = join(folder, 'log');
  writeFileSync(join(conf, 'main.cf'), settings(folder, transport));
  writeFileSync(join(conf, 'master.cf'), services);
  await asRoot('chown', ['-R', 'root:root', folder]);
  await asRoot('chown', ['postfix', join(folder, 'data')]);
  await asRoot('postfix', ['-c', conf, 'start']);
  return {
    async send(from, to, message, ...more) {
      await asRoot('sendmail', ['-C', conf, '-i', '-f', from, ...more, '--', ...to], message);
    },
    log: async () => (existsSync(log) ? (await asRoot('cat', [log])).toString() : ''),
    flush: async () => void (await asRoot('postqueue', ['-c', conf, '-f'])),
    async waiting() {
      const lines = (await asRoot('postqueue', ['-c', conf, '-j'])).toString().trim();
      // postqueue(1): with -j, an object a line, each with `recipients` of objects with an `address`.
      const entries: { recipients: { address: string }[] }[] =
        lines === '' ? [] : JSON.parse(`[${lines.replaceAll('\n', ',')}]`);
      return entries.flatMap(({ recipients }) => recipients.map(({ address }) => address)).sort();
    },
    async stop() {
      await asRoot('postfix', ['-c', conf, 'stop']);
      await asRoot('rm', ['-rf', folder]);
    },
  };
}

/** `describe` for tests that need a Postfix. Where nobody may start one, they are skipped as where there is none. */
export function describeWithPostfix(title: string, body: () => void): void {
  if (isRoot() || spawnSync('sudo', ['-n', 'true']).status === 0) {
    describeWith(['/usr/sbin/postfix'], title, body);
    return;
  }
  const reason = `${title}: needs root, or sudo without a password`;
  if (process.env.SCORPIOX_REQUIRE_ALL !== '1') describe.skip(reason, body);
  else {
    test(reason, () => {
      throw new Error('neither root nor sudo');
    });
  }
}
