import type { AlertRule, AlertsResponse } from '@scorpiox/shared/contract';
import { expect, it } from 'vitest';
import { type Answer, fakeApi } from '../support/fake-api.ts';
import { scorpioxHere } from '../support/here.ts';

const rule = (more: Partial<AlertRule>): AlertRule => ({
  id: 'r1',
  name: 'Failures',
  enabled: true,
  app: null,
  condition: { kind: 'failure-rate', abovePercent: 10, minRequests: 20, windowMinutes: 5 },
  forMinutes: 0,
  resolveMinutes: 5,
  mail: true,
  webhook: null,
  changedAt: '2026-11-20T12:00:00.000Z',
  subjects: [],
  ...more,
});

const since = '2026-11-20T12:00:00.000Z';
const RULES: readonly AlertRule[] = [
  rule({ id: 'r1', enabled: false, app: 'blog' }),
  rule({ id: 'r2', name: 'Quiet', condition: { kind: 'silence', minutes: 30 }, webhook: 'https://hooks.example/x' }),
  rule({
    id: 'r3',
    name: 'failures',
    subjects: [
      { subject: 'shop', status: 'firing', since, message: '50 % of 40 requests failed.' },
      { subject: 'cart\u001b[2J', status: 'pending', since, message: '11 %.' },
    ],
  }),
];

const alerts = (more: Partial<AlertsResponse> = {}): AlertsResponse => ({
  rules: [...RULES],
  deliveries: [],
  mailTo: [],
  mailProblem: null,
  evaluatedAt: null,
  evaluates: true,
  problem: null,
  ...more,
});

async function run(args: readonly string[], answer: Answer, atTerminal?: true) {
  const api = await fakeApi(answer);
  const more = atTerminal ? { atTerminal } : {};
  return { ...(await scorpioxHere(['alerts', ...args], { env: api.env, ...more })), asked: api.asked };
}

it('lists rules with what they found, the worst first, and why nobody would hear of it', async () => {
  const done = await run(['list', '--json'], () => alerts({ mailProblem: 'There is no admin to send mail to.' }));
  expect(done).toMatchObject({ code: 0, stderr: 'There is no admin to send mail to.\n' });
  const listed: Record<string, string>[] = JSON.parse(done.stdout);
  expect(listed.map(({ id, state, subject }) => [id, state, subject])).toEqual([
    ['r3', 'firing', 'shop'],
    ['r3', 'pending', 'cart\u001b[2J'],
    ['r2', 'ok', ''],
    ['r1', 'off', 'blog'],
  ]);
  expect(listed[0]).toEqual({
    rule: 'failures',
    state: 'firing',
    subject: 'shop',
    since,
    found: '50 % of 40 requests failed.',
    when: 'over 10 % of 20 requests or more fail in 5 min',
    tells: 'mail',
    id: 'r3',
  });
  expect(listed[2]).toMatchObject({ when: 'nothing received for 30 min', tells: 'mail, https://hooks.example/x' });
  expect((await run(['list'], () => alerts(), true)).stdout).not.toContain('\u001b');
  const none = await run(['list'], () => alerts({ rules: [] }));
  expect(none).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('no rule yet') });
});

const testing =
  (results: readonly object[]): Answer =>
  (url) =>
    url.pathname.endsWith('/test') ? { results } : alerts();
const told = (to: string, problem: string | null = null) => ({ to, delivered: problem === null, problem });

it('tests a rule by its name, and says what became of each message', async () => {
  const done = await run(['test', 'quiet'], testing([told('olga'), told('https://hooks.example')]));
  expect(done).toMatchObject({ code: 0, stdout: 'olga\ttrue\t\nhttps://hooks.example\ttrue\t\n', stderr: '' });
  expect(done.asked).toEqual(['GET /api/alerts', 'POST /api/alerts/rules/r2/test']);
  const some = await run(['test', 'r2'], testing([told('olga'), told('https://hooks.example', 'It answered 500.')]));
  expect(some).toMatchObject({ code: 6, stderr: 'scorpiox: 1 of 2 were told.\n' });
  expect(some.stdout).toContain('It answered 500.');
  expect(await run(['test', 'Quiet'], testing([told('olga', 'no')]))).toMatchObject({ code: 1 });
  expect(await run(['test', 'Quiet'], testing([]))).toMatchObject({ code: 1, stdout: '' });
});

it('a name that is none, or of several rules, tests nothing', async () => {
  for (const [name, code, text] of [
    ['nobody', 1, 'alerts list'],
    ['FAILURES', 64, 'r1, r3'],
  ] as const) {
    const done = await run(['test', name], testing([told('x')]));
    expect(done).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(text), asked: ['GET /api/alerts'] });
  }
});

it('a viewer may not test', async () => {
  const answer: Answer = (url) =>
    url.pathname.endsWith('/test') ? { status: 403, error: { code: 'not-allowed', message: 'No.' } } : alerts();
  expect(await run(['test', 'Quiet'], answer)).toMatchObject({ code: 77 });
});
