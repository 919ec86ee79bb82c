// A mail reader at a terminal: neomutt, driven through tmux, over TLS.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Platform, passwordOf, startPlatform } from '../support/platform.ts';
import { mustRun, run } from '../support/process.ts';
import { describeWith } from '../support/programs.ts';

describeWith(['neomutt', 'tmux'], 'neomutt', () => {
  let platform: Platform;
  const socket = `scorpiox-test-${process.pid}`;
  const tmux = (...args: readonly string[]) => mustRun('tmux', ['-L', socket, ...args]);
  const screen = async () => (await tmux('capture-pane', '-p', '-t', '=reader:')).toString();

  beforeAll(async () => {
    platform = await startPlatform();
    await platform.addUser('alice');
    for (const subject of ['first light', 'second thoughts']) {
      await platform.cli(['mail', 'deliver', 'alice'], {
        input: `From: Bob <bob@example.org>\nSubject: ${subject}\n\nText of ${subject}.\n`,
      });
    }
  });
  afterAll(async () => {
    await run('tmux', ['-L', socket, 'kill-server']);
    await platform.stop();
  });

  test('lists the messages, opens one, and sees new mail without being asked to look', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'neomutt-'));
    const configuration = join(folder, 'muttrc');
    writeFileSync(
      configuration,
      `set folder="imaps://alice@localhost:${platform.ports.imaps}/"\nset spoolfile="+INBOX"\nset imap_pass="${passwordOf('alice')}"
set certificate_file="${platform.ca}"\nset ssl_ca_certificates_file="${platform.ca}"\nset ssl_force_tls=yes\nset header_cache=""
set imap_idle=yes\nset timeout=1\nset mail_check=1\nset wait_key=no\nset quit=yes\n`,
      { mode: 0o600 },
    );
    await tmux('new-session', '-d', '-s', 'reader', '-x', '100', '-y', '30', 'neomutt', '-n', '-F', configuration);
    await expect.poll(screen, { timeout: 20_000 }).toMatch(/first light[\s\S]*second thoughts/);
    await platform.cli(['mail', 'deliver', 'alice'], {
      input: 'From: Eve <eve@example.org>\nSubject: third time lucky\n\nNew.\n',
    });
    await expect.poll(screen, { timeout: 20_000 }).toContain('third time lucky');
    await tmux('send-keys', '-t', '=reader:', '1', 'Enter', 'Enter');
    await expect.poll(screen, { timeout: 20_000 }).toContain('Text of first light.');
  });
});
