// What people get wrong, and what they are told: a sentence that names it, the right exit code, and nothing harmed.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addApp, apiOf, ingested } from '../support/api.ts';
import { cleanEnv, type Platform, passwordOf, startPlatform } from '../support/platform.ts';
import { ROOT, run } from '../support/process.ts';
import { connectImaps, signedIn } from '../support/raw-imap.ts';

const CLI = join(ROOT, 'apps/cli/src/main.ts');
let platform: Platform;

beforeAll(async () => {
  platform = await startPlatform();
  await platform.addUser('alice');
});
afterAll(() => platform.stop());

describe('the configuration', () => {
  test.each([
    ['a key that does not exist', '[imap]\nprot = 1143\n', /imap\.prot.*port/s],
    ['a value of the wrong kind', '[imap]\nport = "many"\n', /imap\.port/],
    ['what is no TOML', '[imap\n', /scorpiox\.toml/],
  ])('%s is named', async (_, text, expected) => {
    const folder = mkdtempSync(join(tmpdir(), 'config-'));
    const file = join(folder, 'scorpiox.toml');
    writeFileSync(file, text);
    const { code, stderr } = await run(process.execPath, [CLI, 'up', '--config', file], {
      env: cleanEnv({}),
      cwd: folder,
    });
    expect(stderr).toMatch(expected);
    expect(code).toBe(64);
  });

  test('an unknown variable is named', async () => {
    const env = { ...platform.env, SCORPIOX_IMAP_PROT: '1' };
    const { code, stderr } = await platform.cli(['app', 'add', 'x'], { env });
    expect([code, stderr]).toEqual([64, expect.stringContaining('SCORPIOX_IMAP_PROT')]);
  });

  test('a port in use is named, with the key that changes it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'second-'));
    const env = { ...platform.env, SCORPIOX_DATA_DIR: folder };
    const { code, stdout, stderr } = await run(process.execPath, [CLI, 'up'], { env, cwd: folder });
    expect(`${stdout}${stderr}`).toMatch(
      new RegExp(`${platform.ports.imap}|${platform.ports.api}|${platform.ports.imaps}`),
    );
    expect(`${stdout}${stderr}`).toMatch(/imap\.port|imap\.tls_port|insights\.port/);
    expect(code).toBe(69);
  });
});

describe('the command line', () => {
  test('mail for a user who does not exist ends with 67 and makes nothing', async () => {
    const { code, stderr } = await platform.cli(['mail', 'deliver', 'nobody'], { input: 'Subject: x\n\n' });
    expect([code, stderr]).toEqual([67, expect.stringContaining('nobody')]);
  });

  test('a name that climbs out of the mail folder ends with 64', async () => {
    const { code } = await platform.cli(['user', 'add', '../eve', '--password-stdin'], { input: 'x' });
    expect(code).toBe(64);
  });

  test('a user who exists already is not changed', async () => {
    const { code } = await platform.cli(['user', 'add', 'alice', '--password-stdin'], { input: 'another' });
    expect(code).toBe(1);
    const imap = await signedIn(platform.ports.imaps, platform.ca, 'alice', passwordOf('alice'));
    imap.close();
  });

  test('an unknown command ends with 64', async () => {
    const { code, stderr } = await platform.cli(['mial', 'deliver', 'alice']);
    expect([code, stderr]).toEqual([64, expect.stringContaining('mial')]);
  });
});

describe('the IMAP server', () => {
  test('a wrong password and an unknown user get the same answer', async () => {
    const imap = await connectImaps(platform.ports.imaps, platform.ca);
    const wrong = await imap.command('LOGIN alice wrong');
    const unknown = await imap.command('LOGIN nobody wrong');
    expect(wrong).toContain('NO [AUTHENTICATIONFAILED]');
    expect(unknown.replace(/^\S+/, '')).toBe(wrong.replace(/^\S+/, ''));
    imap.close();
  });

  test('an oversized command is refused, and the stream stays in step', async () => {
    const imap = await signedIn(platform.ports.imaps, platform.ca, 'alice', passwordOf('alice'));
    imap.send(`big NOOP ${'x'.repeat(200_000)}\r\n`);
    expect(await imap.until(/big (?:BAD|NO)[^\r\n]*\r\n/)).toMatch(/big (?:BAD|NO)/);
    expect(await imap.command('NOOP')).toMatch(/ OK /);
    imap.send('huge LOGIN {999999999+}\r\n');
    expect(await imap.until(/(?:huge (?:BAD|NO)|\* BYE)[^\r\n]*\r\n/)).toBeTruthy();
    imap.close();
  });
});

describe('telemetry', () => {
  test('a malformed event in a good batch is reported by its index, and the good ones are stored', async () => {
    const api = await apiOf(platform);
    const { key } = await addApp(platform, 'mixed');
    const time = new Date().toISOString();
    const good = (id: string) => JSON.stringify({ kind: 'request', time, name: 'GET /', id, durationMs: 1 });
    const lines = [
      good('a'),
      '{"kind":"request"',
      good('b'),
      '{"kind":"nonsense","time":"never","name":""}',
      good('c'),
    ];
    const answer = await ingested(await api.ingest(key, lines.join('\n')));
    expect(answer).toMatchObject({ received: 5, accepted: 3, duplicates: 0 });
    expect(answer.errors.map(({ index }) => index)).toEqual([1, 3]);
    expect((await api.apps()).get('mixed')).toMatchObject({ requests: 3, rejected: 2 });
  });

  test('a key that nobody gave out is refused', async () => {
    const api = await apiOf(platform);
    const answer = await api.ingest('00000000-0000-4000-8000-000000000000', '[]');
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ error: { code: expect.any(String), message: expect.any(String) } });
  });

  test('questions without a token are refused', async () => {
    const answer = await fetch(`http://127.0.0.1:${platform.ports.api}/api/apps`);
    expect(answer.status).toBe(401);
  });
});
