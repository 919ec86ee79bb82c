import { expect, it } from 'vitest';
import { type Answer, fakeApi, page, record, refusing } from '../support/fake-api.ts';
import { scorpioxHere } from '../support/here.ts';
import { temporaryFolder } from '../support/scorpiox.ts';

const query = async (answer: Answer, args: readonly string[], atTerminal?: true) => {
  const api = await fakeApi(answer);
  const more = atTerminal ? { atTerminal } : {};
  return { ...(await scorpioxHere(['events', 'query', ...args], { env: api.env, ...more })), asked: api.asked };
};

it('asks what the words say, in the span that was meant, and prints a line each in a pipe', async () => {
  const answer: Answer = () => page([record(), record({ kind: 'trace', message: 'a\tb\u001b[2J' })]);
  const done = await query(answer, ['app:shop', 'status:5xx', '--since', '2h', '--until', '2026-11-20T12:00Z']);
  expect(done).toMatchObject({ code: 0, stderr: '' });
  expect(done.asked).toEqual([
    'GET /api/events?q=app%3Ashop+status%3A5xx&from=now-2h&to=2026-11-20T12%3A00Z&limit=100',
  ]);
  const line = '2026-11-20T12:00:00.123456Z\tshop\trequest\tGET /cart\t12.5\t200\t';
  expect(done.stdout).toBe(`${line}\n${line.replace('request', 'trace')}a\\tb\\u001b[2J\n`);
});

it('a terminal gets a table that cannot drive it, with the columns that were named', async () => {
  const answer: Answer = () =>
    page([record({ properties: { 'a.b': '\u009b2J\u202e' }, user: 'x' }), record({ measurements: { n: 3 } })]);
  const { stdout } = await query(answer, ['--columns', 'user,properties.a.b,measurements.n,success,Time'], true);
  const [heading, first, second] = stdout.split('\n');
  expect(heading).toMatch(/^user {2}properties\.a\.b +measurements\.n {2}success {2}time$/);
  expect(first).toMatch(/^x {5}\\u009b2J\\u202e +true +2026/);
  expect(second).toMatch(/^ +3 +true +2026/);
});

it('JSON is what the API gives, on a terminal without what drives it', async () => {
  const event = record({ message: '\u009b2J "x"' });
  const { stdout } = await query(() => page([event]), ['--json'], true);
  expect(JSON.parse(stdout)).toEqual([event]);
  expect(stdout).not.toContain('\u009b');
  expect((await query(() => page([event]), ['--jq', '.[].message'], true)).stdout).toBe('\\u009b2J "x"\n');
});

it('goes from page to page in the span of the first until there are as many as were asked for', async () => {
  const answer: Answer = (url) => {
    const left = Number(url.searchParams.get('limit'));
    const events = Array.from({ length: left }, (_, index) => record({ id: String(index) }));
    return page(events, { nextCursor: 'more' });
  };
  const { asked, stdout, stderr } = await query(answer, ['--limit', '2500', '--columns', 'app']);
  expect([stdout, stderr]).toEqual(['shop\n'.repeat(2500), '']);
  const span = 'from=2026-11-20T11%3A00%3A00.000Z&to=2026-11-20T12%3A00%3A00.000Z';
  expect(asked).toEqual([
    'GET /api/events?q=&from=now-24h&to=now&limit=1000',
    `GET /api/events?q=&${span}&limit=1000&cursor=more`,
    `GET /api/events?q=&${span}&limit=500&cursor=more`,
  ]);
  expect((await query(answer, [])).stderr).toContain('--limit');
});

it('says what is missing: a search that gave up ends with 6, after what it found', async () => {
  const partial = { reason: 'time', reached: '2026-11-20T11:30:00.000000Z' } as const;
  const notes = ['Events of shop are kept for 30 days: older ones are deleted.'];
  const done = await query(() => page([record()], { partial, nextCursor: 'on', notes }), ['user:x']);
  expect(done.code).toBe(6);
  expect(done.stdout.split('\n')).toHaveLength(2);
  expect(done.stderr).toContain(notes[0]);
  expect(done.stderr).toContain(`--until ${partial.reached}`);
  expect(done.asked).toHaveLength(1);
  expect(await query(() => page([]), [])).toMatchObject({ code: 0, stdout: '', stderr: 'No event matches.\n' });
});

it('points at what is wrong with a query, without asking anybody where it can see it itself', async () => {
  const done = await query(() => page([]), ['app:shop', 'stauts:5xx']);
  expect(done).toMatchObject({ code: 64, stdout: '', asked: [] });
  expect(done.stderr).toMatch(/^scorpiox: There is no field stauts.*\n\n {2}app:shop stauts:5xx\n {11}\^\n$/s);
  const stranger = await query(refusing(400, { code: 'unknown-app', field: 'q', column: 15 }), [
    'status:5xx',
    'app:shpo',
  ]);
  expect(stranger.code).toBe(64);
  expect(stranger.stderr).toBe('scorpiox: No.\n\n  status:5xx app:shpo\n                ^\n');
  const long = await query(() => page([]), [`"${'x'.repeat(300)}" (y`]);
  expect(long.stderr.split('\n').at(-3)).toMatch(/^ {2}….{60}\(y$/);
  expect(long.stderr.split('\n').at(-2)).toBe(`${' '.repeat(63)}^`);
});

it.each([
  [401, 4],
  [403, 77],
  [429, 75],
  [503, 75],
  [500, 1],
])('a status of %i ends it with %i', async (status, code) => {
  expect(await query(refusing(status, {}), ['x'])).toMatchObject({ code, stdout: '' });
});

it.each([
  ['--since', 'yesterday'],
  ['--limit', '20000'],
  ['--columns', 'time,colour'],
  ['--columns', 'properties'],
])('refuses %s %s', async (...args) => {
  const done = await query(() => page([]), args);
  expect(done).toMatchObject({ code: 64, stdout: '', asked: [] });
});

it('an answer that nobody knows is an error, and nobody at all 69', async () => {
  expect(await query(() => ({ events: 3 }), [])).toMatchObject({ code: 1, stdout: '' });
  const env = { SCORPIOX_URL: 'http://127.0.0.1:1', SCORPIOX_TOKEN: 'x' };
  expect(await scorpioxHere(['events', 'query'], { env })).toMatchObject({ code: 69, stdout: '' });
});

it('asks the API of this installation with a session of its own, which is over afterwards', async () => {
  const cookies: (string | undefined)[] = [];
  const { port } = await fakeApi((url, { headers }) => {
    cookies.push(headers.cookie);
    return url.pathname === '/healthz' ? {} : page([record()]);
  });
  const dataDir = await temporaryFolder();
  const env = { SCORPIOX_INSIGHTS_PORT: String(port), SCORPIOX_INSIGHTS_HOST: '0.0.0.0' };
  const done = await scorpioxHere(['events', 'query', '--data-dir', dataDir, '--jq', 'length'], { env });
  expect(done).toMatchObject({ code: 0, stdout: '1\n', stderr: '' });
  expect(cookies).toEqual([undefined, expect.stringMatching(/^scorpiox_session=sxs_/)]);
  const { openControl } = await import('@scorpiox/shared/database');
  const control = await openControl({ kind: 'sqlite', file: `${dataDir}/insights.db` });
  if (!control.ok) throw new Error(control.error.message);
  expect(await control.value.findSession(cookies[1]?.split('=')[1] ?? '')).toBeUndefined();
  await control.value.close();
});

it('makes no database for an API that is not there', async () => {
  const dataDir = await temporaryFolder();
  const env = { SCORPIOX_INSIGHTS_PORT: '1' };
  const done = await scorpioxHere(['events', 'query', '--data-dir', dataDir], { env });
  expect(done).toMatchObject({ code: 69, stdout: '', stderr: expect.stringContaining('scorpiox up') });
  const { readdir } = await import('node:fs/promises');
  expect(await readdir(dataDir)).toEqual([]);
});
