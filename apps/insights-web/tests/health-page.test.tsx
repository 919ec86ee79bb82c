import type { HealthResponse } from '@scorpiox/shared/contract';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { formatBytes } from '../src/features/health/bytes.ts';
import { browserPage } from './support/page.tsx';
import '../src/features/health/health-page.tsx';

const page = browserPage();
const AT = '2026-03-01T10:00:00.000Z';
const measured = (p95: number) => ({ count: 10, p50: 1, p95, p99: 9, max: 10 });

const health = (more: Partial<HealthResponse> = {}): HealthResponse => ({
  status: 'ok',
  queue: { submissions: 0, events: 50_000, bytes: 0, turnedAway: 3, failed: 0 },
  ownerless: {},
  databaseReachable: true,
  databaseBytes: 3 * 2 ** 20,
  deduplication: 'index',
  work: [{ name: 'import', detail: 'old.db', percent: 25, secondsLeft: 90, startedAt: AT }],
  apps: [
    { name: 'calm', received: 10, accepted: 10, duplicates: 0, sampled: 0, late: 0, rejected: {}, adjusted: {} },
    {
      name: 'lossy',
      received: 10,
      accepted: 5,
      duplicates: 0,
      sampled: 0,
      late: 0,
      rejected: { 'too-old': 5 },
      adjusted: {},
    },
  ],
  platform: {
    instance: 'db1:8080',
    startedAt: AT,
    operations: [
      { name: 'write', underWay: 1, failed: 0, sinceStart: measured(3), recent: measured(2) },
      { name: 'raw.page', underWay: 0, failed: 2, sinceStart: measured(30), recent: measured(20) },
      { name: 'newlyMade', underWay: 0, failed: 0, sinceStart: measured(1), recent: measured(1) },
    ],
    slowest: [{ name: 'raw.page', at: AT, ms: 1234 }],
    sessions: [{ name: 'readers', inUse: 1, most: 2 }],
    sizes: [
      { at: AT, bytes: 1000 },
      { at: AT, bytes: 2000 },
    ],
    growthPerDay: 2 ** 20,
    disk: { freeBytes: 2 ** 30, totalBytes: 2 ** 31 },
    queueLimits: { events: 100_000, bytes: 100 },
    alerts: { evaluatedAt: AT, problem: null, waiting: 0, failed: 0 },
    advice: [],
  },
  ...more,
});

const answerWith = (body: HealthResponse): void => {
  page.api.answers.set('GET /api/health', { status: 200, body });
};

test('where all is well it says so, with the figures', async () => {
  answerWith(health());
  page.open('/health');
  expect(await screen.findByText('Nothing needs your attention.')).toBeTruthy();
  const tile = (name: string) => screen.getByText(name).parentElement?.textContent;
  expect(tile('Queue')).toContain('50,000 events50% full; since the start 3 batches were turned away');
  expect(tile('Database')).toContain('3.0 MiB+1.0 MiB a day');
  expect(tile('Sessions')).toContain('1 in usereaders 1 of 2');
  expect(screen.getByText(/1 m 30 s left/)).toBeTruthy();
});

test('calls are told by what they are for, and those that are new by their own name; the slowest come first', async () => {
  answerWith(health());
  page.open('/health');
  const table = within(await screen.findByRole('table', { name: /Calls to the database/ }));
  const names = table.getAllByRole('rowheader').map((cell) => cell.textContent);
  expect(names).toEqual(['Search events', 'Write events', 'newlyMade']);
  const apps = within(screen.getByRole('table', { name: /Events by application/ }));
  expect(apps.getAllByRole('rowheader').map((cell) => cell.textContent)).toEqual(['lossy', 'calm']);
  expect(apps.getByText('too-old 5')).toBeTruthy();
});

test('the order of each table is in the address, and a link with it shows the same', async () => {
  answerWith(health());
  page.open('/health?sortApps=name');
  const apps = within(await screen.findByRole('table', { name: /Events by application/ }));
  expect(apps.getAllByRole('rowheader').map((cell) => cell.textContent)).toEqual(['calm', 'lossy']);
  const calls = within(screen.getByRole('table', { name: /Calls to the database/ }));
  await userEvent.setup().click(calls.getByRole('button', { name: /^Call$/ }));
  await waitFor(() => expect(page.address()).toBe('/health?sortApps=name&sortCalls=name'));
  const names = calls.getAllByRole('rowheader').map((cell) => cell.textContent);
  expect(names).toEqual(['newlyMade', 'Search events', 'Write events']);
});

test('what is wrong is said first, with the command that helps', async () => {
  const advice = [
    { severity: 'fail' as const, message: 'The database does not answer.', command: 'scorpiox config show' },
  ];
  const { platform } = health();
  answerWith(health({ status: 'degraded', databaseReachable: false, platform: { ...platform, advice } }));
  page.open('/health');
  expect(await screen.findByText('The database does not answer.')).toBeTruthy();
  expect(screen.getByText('scorpiox config show')).toBeTruthy();
  expect(document.title).toContain('Degraded');
});

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [1_048_064, '1.0 MiB'],
  [5 * 2 ** 40, '5.0 TiB'],
  [-2048, '−2.0 KiB'],
])('%i bytes read %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
