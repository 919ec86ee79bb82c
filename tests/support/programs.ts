// Programs of the machine that tests use. A test whose program is absent is skipped by name, with the line that installs it;
// under SCORPIOX_REQUIRE_ALL=1 that is a failure, so that a green run cannot hide a skipped test.
import { spawnSync } from 'node:child_process';
import { describe, test } from 'vitest';

const PACKAGE: Readonly<Record<string, string>> = {
  chromium: 'chromium',
  mbsync: 'isync',
  curl: 'curl',
  dovecot: 'dovecot-imapd',
  getmail: 'getmail6',
  offlineimap: 'offlineimap3',
  python3: 'python3',
  neomutt: 'neomutt',
  tmux: 'tmux',
  podman: 'podman',
  runc: 'runc',
  catatonit: 'catatonit',
  '/bin/busybox': 'busybox-static',
  openssl: 'openssl',
  '/usr/sbin/postfix': 'postfix',
};

const has = (program: string) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

/** `describe` for tests that need these programs. */
export function describeWith(programs: readonly string[], title: string, body: () => void): void {
  const absent = programs.filter((program) => !has(program));
  if (absent.length === 0) {
    describe(title, body);
    return;
  }
  const install = `apt-get install -y ${absent.map((program) => PACKAGE[program] ?? program).join(' ')}`;
  const reason = `${title}: needs ${absent.join(', ')} (${install})`;
  if (process.env.SCORPIOX_REQUIRE_ALL === '1') {
    test(reason, () => {
      throw new Error(`not installed: ${absent.join(', ')}`);
    });
  } else {
    describe.skip(reason, body);
  }
}
