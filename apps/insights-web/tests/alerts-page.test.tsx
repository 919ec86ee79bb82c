import type { AlertRule, AlertsResponse } from '@scorpiox/shared/contract';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test } from 'vitest';
import { browserPage } from './support/page.tsx';
import '../src/features/alerts/alerts-page.tsx';

const page = browserPage();
const AT = '2026-03-01T10:00:00.000Z';

const rule = (name: string, more: Partial<AlertRule> = {}): AlertRule => ({
  id: name,
  name,
  enabled: true,
  app: null,
  condition: { kind: 'failure-rate', abovePercent: 10, minRequests: 20, windowMinutes: 5 },
  forMinutes: 5,
  resolveMinutes: 5,
  mail: true,
  webhook: null,
  changedAt: AT,
  subjects: [],
  ...more,
});

const answer = (more: Partial<AlertsResponse> = {}): AlertsResponse => ({
  rules: [],
  deliveries: [],
  mailTo: ['alice'],
  mailProblem: null,
  evaluatedAt: AT,
  evaluates: true,
  problem: null,
  ...more,
});

const answerWith = (more: Partial<AlertsResponse> = {}): void => {
  page.api.answers.set('GET /api/alerts', { status: 200, body: answer(more) });
};

beforeEach(() => {
  answerWith();
  page.api.answers.set('GET /api/settings/apps', {
    status: 200,
    body: {
      apps: [{ name: 'shop', createdAt: AT, retentionDays: null, apdexMs: null }],
      defaultRetentionDays: 30,
      defaultApdexMs: 500,
      publicUrl: 'http://x',
      tlsPort: null,
    },
  });
  page.api.answers.set('GET /api/alerts/history', { status: 200, body: { entries: [], nextCursor: null } });
});

test('without rules the page says what one is, and offers it to admins alone', async () => {
  page.open('/alerts');
  expect(await screen.findByText(/An admin can add one/)).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Add a rule' })).toBeNull();
});

test('a rule is added as it was typed, for its kind', async () => {
  page.api.role = 'admin';
  page.api.answers.set('POST /api/alerts/rules', { status: 201, body: {} });
  page.open('/alerts');
  await userEvent.click(await screen.findByRole('button', { name: 'Add a rule' }));
  const dialog = within(screen.getByRole('dialog'));
  await userEvent.type(dialog.getByLabelText('Name'), 'Quiet shop');
  await userEvent.selectOptions(dialog.getByLabelText('When'), 'An application is silent');
  await userEvent.selectOptions(dialog.getByLabelText('Of'), 'shop');
  await userEvent.clear(dialog.getByLabelText('For minutes'));
  await userEvent.type(dialog.getByLabelText('For minutes'), '30');
  await userEvent.type(dialog.getByLabelText('Webhook'), 'https://hooks.example.net/x');
  await userEvent.click(dialog.getByRole('button', { name: 'Add' }));
  await screen.findByText('No rules yet');
  expect(page.api.bodies.at(-1)).toEqual({
    name: 'Quiet shop',
    enabled: true,
    app: 'shop',
    condition: { kind: 'silence', minutes: 30 },
    forMinutes: 5,
    resolveMinutes: 5,
    mail: true,
    webhook: 'https://hooks.example.net/x',
  });
});

test('a rule about a metric is about one application', async () => {
  page.api.role = 'admin';
  page.api.answers.set('POST /api/alerts/rules', { status: 201, body: {} });
  page.open('/alerts');
  await userEvent.click(await screen.findByRole('button', { name: 'Add a rule' }));
  const dialog = within(screen.getByRole('dialog'));
  await userEvent.type(dialog.getByLabelText('Name'), 'Queue');
  await userEvent.selectOptions(dialog.getByLabelText('When'), 'A metric passes a limit');
  await userEvent.type(dialog.getByLabelText('Metric'), 'queue.length');
  await userEvent.selectOptions(dialog.getByLabelText('Of it'), 'max');
  await userEvent.type(dialog.getByLabelText('Limit'), '2.5');
  await userEvent.click(dialog.getByRole('button', { name: 'Add' }));
  await screen.findByText('No rules yet');
  expect(page.api.bodies.at(-1)).toMatchObject({
    app: 'shop',
    condition: { kind: 'metric', metric: 'queue.length', of: 'max', direction: 'above', limit: 2.5, windowMinutes: 5 },
  });
});

test('what fires stands first, in words, and counts in the tab', async () => {
  const subject = (name: string, status: 'firing' | 'pending') => ({
    subject: name,
    status,
    since: AT,
    message: `${name} is bad`,
  });
  answerWith({
    rules: [
      rule('Calm'),
      rule('Off', { enabled: false }),
      rule('Loud', { subjects: [subject('late', 'pending'), subject('shop', 'firing')] }),
    ],
  });
  page.open('/alerts');
  const now = within((await screen.findByRole('heading', { name: 'Now' })).closest('section') ?? document.body);
  expect(now.getAllByRole('listitem').map((item) => item.textContent)).toEqual([
    expect.stringMatching(/^firingshopshop is bad/),
    expect.stringMatching(/^pendinglatelate is bad/),
  ]);
  expect(document.title).toContain('(1) Alerts');
  const states = screen
    .getAllByRole('row')
    .flatMap((row) => /^(firing|pending|well|off)/.exec(row.textContent ?? '')?.[0] ?? []);
  expect(states).toEqual(['firing', 'well', 'off']);
});

test('what keeps messages from going out is said with what to do', async () => {
  answerWith({
    rules: [rule('Loud')],
    mailProblem: 'Mail goes to nobody: set alerts.mail_to.',
    problem: 'the store is away',
  });
  page.open('/alerts');
  expect(await screen.findByText(/set alerts.mail_to/)).toBeTruthy();
  expect(screen.getByText(/the store is away/)).toBeTruthy();
});

test('a test says what became of each message', async () => {
  page.api.role = 'admin';
  answerWith({ rules: [rule('Loud')] });
  const results = [
    { to: 'alice', delivered: true, problem: null },
    { to: 'https://hooks.example.net', delivered: false, problem: 'hooks.example.net answered 404.' },
  ];
  page.api.answers.set('POST /api/alerts/rules/Loud/test', { status: 200, body: { results } });
  page.open('/alerts');
  await userEvent.click(await screen.findByRole('button', { name: 'Test Loud' }));
  expect(await screen.findByText('hooks.example.net answered 404.')).toBeTruthy();
  expect(screen.getByText('delivered')).toBeTruthy();
});
