// A mail reader at a terminal: neomutt, driven through tmux, over TLS.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Platform, passwordOf, startPlatform } from '../support/platform.ts';
import { mustRun, run } from '../support/process.ts';
import { describeWith } from '../support/programs.ts';
import { signedIn } from '../support/raw-imap.ts';

describeWith(['neomutt', 'tmux'], 'neomutt', () => {
  let platform: Platform;
  let user = '';
  let users = 0;
  const folder = mkdtempSync(join(tmpdir(), 'neomutt-'));
  const socket = `scorpiox-test-${process.pid}`;
  const tmux = (...args: readonly string[]) => mustRun('tmux', ['-L', socket, ...args]);
  const screen = async () => (await tmux('capture-pane', '-p', '-t', '=reader:')).toString();
  const type = (...keys: readonly string[]) => tmux('send-keys', '-t', '=reader:', ...keys);
  const shows = (text: string | RegExp) => expect.poll(screen, { timeout: 20_000 }).toMatch(text);

  beforeAll(async () => {
    platform = await startPlatform();
  });
  beforeEach(async () => {
    users += 1;
    user = `reader${users}`;
    await platform.addUser(user);
  });
  afterEach(() => run('tmux', ['-L', socket, 'kill-server']));
  afterAll(async () => {
    await platform.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const deliver = (subject: string, mailbox = 'INBOX') =>
    platform.cli(['mail', 'deliver', user, '-m', mailbox], {
      input: `From: Bob <bob@example.org>\nSubject: ${subject}\n\nText of ${subject}.\n`,
    });

  /** Starts neomutt; returns the file in which it writes what goes over the wire. */
  async function start(...settings: readonly string[]): Promise<string> {
    const configuration = join(folder, `muttrc-${user}`);
    writeFileSync(
      configuration,
      `set folder="imaps://${user}@localhost:${platform.ports.imaps}/"\nset spoolfile="+INBOX"\nset imap_pass="${passwordOf(user)}"
set certificate_file="${platform.ca}"\nset ssl_ca_certificates_file="${platform.ca}"\nset ssl_force_tls=yes\nset header_cache=""
set imap_idle=yes\nset timeout=1\nset mail_check=1\nset wait_key=no\nset quit=yes\nset sort=mailbox-order\nset mark_old=no\n${settings.join('\n')}\n`,
      { mode: 0o600 },
    );
    const log = join(folder, `log-${user}`);
    const program = ['neomutt', '-n', '-F', configuration, '-d', '3', '-l', log];
    await tmux('new-session', '-d', '-s', 'reader', '-x', '100', '-y', '30', ...program);
    return `${log}0`; // it keeps the logs of earlier runs as log1 and so on
  }

  test('lists the messages, opens one, and sees new mail without being asked to look', async () => {
    for (const subject of ['first light', 'second thoughts']) await deliver(subject);
    await start();
    await shows(/first light[\s\S]*second thoughts/);
    await deliver('third time lucky');
    await shows('third time lucky');
    await type('1', 'Enter', 'Enter');
    await shows('Text of first light.');
  });

  test('comes back to a mailbox with QRESYNC and its header cache, and sees what changed meanwhile', async () => {
    for (const subject of ['first light', 'second thoughts', 'third time lucky']) await deliver(subject);
    await deliver('put away', 'Archive');
    mkdirSync(join(folder, 'cache'), { recursive: true });
    const resync = [`set header_cache="${join(folder, 'cache')}"`, 'set imap_condstore=yes', 'set imap_qresync=yes'];
    const log = await start(...resync);
    await shows(/first light[\s\S]*second thoughts[\s\S]*third time lucky/);
    await type('c', '=Archive', 'Enter');
    await shows('put away');

    const other = await signedIn(platform.ports.imaps, platform.ca, user, passwordOf(user));
    await other.command('STORE 1 +FLAGS (\\Flagged \\Seen)');
    await other.command('STORE 2 +FLAGS (\\Deleted)');
    await other.command('EXPUNGE');
    await deliver('four of a kind');
    await type('c', '=INBOX', 'Enter');
    await shows(/!.*first light\n.*2 N.*third time lucky\n.*3 N.*four of a kind/);
    expect(await screen()).not.toContain('second thoughts');

    // Another day, with what the cache remembers.
    await type('q');
    await expect
      .poll(() => run('tmux', ['-L', socket, 'has-session']).then(({ code }) => code), { timeout: 20_000 })
      .not.toBe(0);
    await other.command('STORE 1 -FLAGS (\\Flagged)');
    await other.command('STORE 2 +FLAGS (\\Deleted)');
    await other.command('EXPUNGE');
    other.close();
    await start(...resync);
    await shows(/1 {3,}.*first light\n.*2 N.*four of a kind/);
    expect(await screen()).not.toContain('third time lucky');
    const wire = readFileSync(log, 'latin1');
    expect(wire).toMatch(/ENABLE [^\n]*QRESYNC/);
    expect(wire).toMatch(/UID FETCH [^\n]*\(CHANGEDSINCE \d+ VANISHED\)/);
    expect(wire).toContain('Handling VANISHED');
  });
});
