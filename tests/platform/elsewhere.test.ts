// The CLI on one machine, the API on another: `scorpiox login`, SCORPIOX_URL and SCORPIOX_TOKEN, `scorpiox api`.
import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cleanEnv, type Platform, startPlatform } from '../support/platform.ts';
import { ROOT, run } from '../support/process.ts';

const CLI = join(ROOT, 'apps/cli/src/main.ts');
let platform: Platform;
let url: string;
/** A machine that has no data of its own. */
const home = mkdtempSync(join(tmpdir(), 'elsewhere-'));

const there = (args: readonly string[], env: NodeJS.ProcessEnv = {}, input = '') =>
  run(process.execPath, [CLI, ...args], { env: { ...cleanEnv({}), XDG_CONFIG_HOME: home, ...env }, cwd: home, input });
const issue = async (name: string, role: string): Promise<string> =>
  JSON.parse((await platform.cli(['token', 'add', name, '--role', role, '--json'])).stdout.toString()).token;

beforeAll(async () => {
  platform = await startPlatform();
  url = `http://127.0.0.1:${platform.ports.api}`;
});
afterAll(() => platform.stop());

test('a login is remembered for its owner only, and commands go there until logout', async () => {
  const token = await issue('laptop', 'admin');
  const login = await there(['login', url, '--token-stdin'], {}, `${token}\n`);
  expect([login.code, login.stderr]).toEqual([0, `${url} knows you as laptop (admin).\n`]);
  const file = join(home, 'scorpiox', 'login.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).toContain(token);

  const added = await there(['app', 'add', 'from-afar', '--json']);
  const { key }: { key: string } = JSON.parse(added.stdout.toString());
  const here = await platform.cli(['app', 'key', 'list', '--jq', '.[] | select(.app == "from-afar").key']);
  expect(here.stdout.toString()).toBe(`${key}\n`);
  expect((await there(['app', 'retention', 'from-afar', '7'])).code).toBe(0);
  expect((await there(['app', 'key', 'limit', key, '50'])).code).toBe(0);
  expect((await there(['app', 'key', 'revoke', key])).code).toBe(0);
  expect((await there(['app', 'key', 'add', 'from-afar', '--rate-limit', '9'])).stdout.toString()).toMatch(/\t9\t/);
  expect(
    (await there(['app', 'list', '--jq', '.[] | select(.name == "from-afar").retentionDays'])).stdout.toString(),
  ).toBe('7\n');
  const names = await there(['api', '/api/settings/apps', '--jq', '.apps[].name']);
  expect(names.stdout.toString().split('\n')).toContain('from-afar');
  expect((await there(['token', 'list', '--jq', '.[].name'])).stdout.toString()).toContain('laptop\n');

  expect((await there(['logout'])).code).toBe(0);
  expect(await there(['api', '/api/health'])).toMatchObject({
    code: 4,
    stderr: expect.stringContaining('scorpiox login'),
  });
});

test('the environment names the API too; what it says is told apart by exit codes', async () => {
  const viewer = { SCORPIOX_URL: url, SCORPIOX_TOKEN: await issue('reader', 'viewer') };
  expect(await there(['api', '/api/session'], viewer)).toMatchObject({ code: 0 });
  expect(await there(['app', 'add', 'x'], viewer)).toMatchObject({ code: 77 });
  expect(await there(['api', '/api/nothing'], viewer)).toMatchObject({ code: 1 });
  expect(await there(['api', '/api/apps?from=never'], viewer)).toMatchObject({
    code: 64,
    stderr: expect.stringContaining('from'),
  });
  const wrong = await there(['app', 'list'], { SCORPIOX_URL: url, SCORPIOX_TOKEN: 'wrong' });
  expect(wrong).toMatchObject({ code: 4, stderr: expect.stringContaining(url) });
  expect(await there(['app', 'list'], { SCORPIOX_URL: url })).toMatchObject({ code: 4 });
  expect(await there(['app', 'list'], { SCORPIOX_TOKEN: 'x' })).toMatchObject({ code: 64 });
  expect(await there(['login', `${url}/apps`, '--token-stdin'], {}, 'x')).toMatchObject({ code: 64 });
  expect(await there(['login', 'http://127.0.0.1:1', '--token-stdin'], {}, 'x')).toMatchObject({ code: 69 });
});

test('events are searched and followed, and alerts tried, from here without a token and from afar with one', async () => {
  const added = await platform.cli(['app', 'add', 'followed', '--json']);
  const { key }: { key: string } = JSON.parse(added.stdout.toString());
  const send = (id: string) =>
    fetch(`${url}/api/ingest`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify({ kind: 'request', name: 'GET /tail', id, time: new Date().toISOString(), success: false }),
    });
  const viewer = { SCORPIOX_URL: url, SCORPIOX_TOKEN: await issue('follower', 'viewer') };

  let sent = 0;
  const tails = Promise.all([
    there(['events', 'tail', 'app:followed', 'success:false', '--limit', '1', '--jq', '.name'], viewer),
    platform.cli(['events', 'tail', 'app:followed', '--limit', '1', '--jq', '.name']),
  ]);
  const tailing = setInterval(() => void send(String(sent++)), 200);
  const followed = await tails.finally(() => clearInterval(tailing));
  for (const { code, stdout, stderr } of followed)
    expect([code, stdout.toString(), stderr]).toEqual([0, 'GET /tail\n', '']);

  const found = await there(
    ['events', 'query', 'app:followed', '--since', '1h', '--limit', '1', '--jq', '.[].app'],
    viewer,
  );
  expect([found.code, found.stdout.toString()]).toEqual([0, 'followed\n']);
  const here = await platform.cli([
    'events',
    'query',
    'app:followed',
    '-name:other',
    '--columns',
    'app,name',
    '--limit',
    '1',
  ]);
  expect([here.code, here.stdout.toString()]).toEqual([64, '']);
  const behind = ['events', 'query', '--columns', 'app,name', '--limit', '1', '--', '-name:other', 'app:followed'];
  expect((await platform.cli(behind)).stdout.toString()).toBe('followed\tGET /tail\n');
  const stranger = await there(['events', 'query', 'app:folowed'], viewer);
  expect(stranger).toMatchObject({ code: 64, stderr: expect.stringMatching(/no application folowed.*\^\n$/s) });

  const rule = { name: 'Failing', enabled: true, app: 'followed', forMinutes: 0, resolveMinutes: 5 };
  const condition = { kind: 'failure-rate', abovePercent: 10, minRequests: 1, windowMinutes: 60 };
  const admin = { SCORPIOX_URL: url, SCORPIOX_TOKEN: await issue('ruler', 'admin') };
  const body = JSON.stringify({ ...rule, condition, mail: false, webhook: `${url}/hook` });
  expect(await there(['api', '/api/alerts/rules', '--input'], admin, body)).toMatchObject({ code: 0 });
  await expect
    .poll(async () => (await platform.cli(['alerts', 'list', '--jq', '.[] | .rule, .state'])).stdout.toString(), {
      timeout: 30_000,
      interval: 200,
    })
    .toBe('Failing\nfiring\n');
  expect(await there(['alerts', 'test', 'failing'], viewer)).toMatchObject({ code: 77 });
  // Webhooks may not call addresses of the own network unless they are allowed to.
  const test = await platform.cli(['alerts', 'test', 'failing']);
  expect([test.code, test.stdout.toString()]).toEqual([1, expect.stringContaining(`${url}\tfalse\t`)]);
});

test('a folder that is named is meant, whatever the environment says', async () => {
  const env = { SCORPIOX_URL: 'http://127.0.0.1:1', SCORPIOX_TOKEN: 'x' };
  const added = await there(['app', 'add', 'mine', '--data-dir', join(home, 'data')], env);
  expect(added).toMatchObject({ code: 0, stderr: '' });
});
