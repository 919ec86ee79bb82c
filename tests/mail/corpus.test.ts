// Every message that the tests know, delivered by the CLI and read back by three clients of other makers, byte for byte.
import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { filesIn } from '../support/contents.ts';
import { testMessages, withCrlf } from '../support/mail.ts';
import { configureMbsync } from '../support/mbsync.ts';
import { type Platform, passwordOf, startPlatform } from '../support/platform.ts';
import { mustRun, ROOT } from '../support/process.ts';
import { describeWith } from '../support/programs.ts';

const messages = testMessages();
const USER = 'alice';

describeWith(['curl', 'python3', 'mbsync'], 'every message comes back as it was delivered', () => {
  let platform: Platform;
  let folder: string;

  beforeAll(async () => {
    platform = await startPlatform();
    folder = mkdtempSync(join(tmpdir(), 'corpus-'));
    await platform.addUser(USER);
    for (const { name, bytes } of messages) {
      const { code, stderr } = await platform.cli(['mail', 'deliver', USER], { input: bytes });
      expect(code, `${name}: ${stderr}`).toBe(0);
    }
  }, 300_000);
  afterAll(() => platform.stop());

  /** Compares what a client wrote, a file a message, with what was delivered: the n-th delivered has UID n. */
  function expectAll(received: (uid: number) => Buffer): void {
    const different = messages.filter(({ bytes }, index) => !received(index + 1).equals(withCrlf(bytes)));
    expect(different.map(({ name }) => name)).toEqual([]);
  }

  test('there are messages to compare', () => {
    expect(messages.length).toBeGreaterThanOrEqual(process.env.SCORPIOX_TEST_MAIL ? 140 : 10);
  });

  test("with Python's imaplib, on TLS", async () => {
    const out = join(folder, 'imaplib');
    mkdirSync(out);
    const script = join(ROOT, 'tests/programs/fetch-all.py');
    await mustRun('python3', [script, String(platform.ports.imaps), platform.ca, USER, out], {
      input: passwordOf(USER),
    });
    expectAll((uid) => readFileSync(join(out, String(uid))));
  });

  test("with Python's imaplib, after STARTTLS", async () => {
    const script = join(ROOT, 'tests/programs/starttls.py');
    const args = [script, String(platform.ports.imap), platform.ca, USER];
    const count = await mustRun('python3', args, { input: passwordOf(USER) });
    expect(count.toString().trim()).toBe(String(messages.length));
  });

  test('with curl, on TLS', async () => {
    const out = join(folder, 'curl');
    mkdirSync(out);
    const transfers = messages.map((_, index) =>
      [
        `url = "imaps://localhost:${platform.ports.imaps}/INBOX;UID=${index + 1}"`,
        `output = "${join(out, String(index + 1))}"`,
        `user = "${USER}:${passwordOf(USER)}"`,
        `cacert = "${platform.ca}"`,
      ].join('\n'),
    );
    await mustRun('curl', ['--silent', '--show-error', '--fail', '--config', '-'], {
      input: transfers.join('\nnext\n'),
    });
    expectAll((uid) => readFileSync(join(out, String(uid))));
  });

  test('with mbsync, into a Maildir of its own', async () => {
    const { near, args } = configureMbsync(platform, USER, ['Patterns INBOX', 'Create Near']);
    await mustRun('mbsync', args);
    const files = filesIn(join(near, 'INBOX'));
    // mbsync itself passes over a message whose header never ends, and says so.
    const synchronised = messages.filter(({ bytes }) => /(?:^|\r\n)\r\n/.test(withCrlf(bytes).toString('latin1')));
    expect(files).toHaveLength(synchronised.length);
    // mbsync adds a line X-TUID to what it stores and takes every CR out, so both sides are compared without CRs.
    const received = new Set(files.map((file) => withoutTuid(withoutCr(readFileSync(file)))));
    const lost = synchronised.filter(({ bytes }) => !received.has(withoutCr(bytes)));
    expect(lost.map(({ name }) => name)).toEqual([]);
  });
});

const withoutCr = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1').replaceAll('\r', '');
const withoutTuid = (text: string): string => text.replace(/^X-TUID: [^\n]*\n/m, '');
