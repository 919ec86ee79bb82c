import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test } from 'vitest';
import { setUps } from '../src/features/settings/set-up/set-ups.ts';
import { browserPage } from './support/page.tsx';
import '../src/features/settings/settings-page.tsx';

const page = browserPage();
const MADE = '2026-03-01T10:00:00.000Z';
const key = (app: string | null, start: string, revokedAt: string | null = null) => ({
  key: `${start}-0000-4000-8000-000000000000`,
  connectionString: `InstrumentationKey=${start}-0000-4000-8000-000000000000;IngestionEndpoint=https://insights.test`,
  app,
  rateLimit: null,
  createdAt: MADE,
  revokedAt,
});

beforeEach(() => {
  const apps = ['shop', 'blog'].map((name) => ({
    name,
    createdAt: MADE,
    retentionDays: name === 'blog' ? 7 : null,
    apdexMs: null,
  }));
  const answers = {
    'GET /api/settings/apps': {
      apps,
      defaultRetentionDays: 30,
      defaultApdexMs: 500,
      publicUrl: 'https://insights.test',
      tlsPort: null,
    },
    'GET /api/settings/keys': {
      keys: [key('shop', '11111111', MADE), key('shop', '22222222'), key('blog', '33333333'), key(null, '44444444')],
      defaultRateLimit: 30_000,
    },
    'GET /api/settings/tokens': { tokens: [{ name: 'ci', role: 'viewer', createdAt: MADE }] },
    'POST /api/settings/tokens': { name: 'ops', token: 'sxt_secret' },
    'POST /api/settings/apps': key('new', '55555555'),
  };
  for (const [call, body] of Object.entries(answers)) page.api.answers.set(call, { status: 200, body });
});

test('a viewer sees the applications and how long they are kept, and nothing to change but the own password', async () => {
  page.open('/settings?tab=keys');
  expect(await screen.findByRole('row', { name: /blog 7 days/ })).toBeTruthy();
  const tabs = within(screen.getByRole('navigation', { name: 'Settings' })).getAllByRole('link');
  expect(tabs.map((tab) => tab.textContent)).toEqual(['Applications', 'Your password']);
  expect(screen.queryByRole('button', { name: /^(?:add an|change shop)/i })).toBeNull();
  expect(page.api.count('GET /api/settings/keys')).toBe(0);
});

test('the set-up of an application is for its key that is in force', async () => {
  page.api.role = 'admin';
  page.open('/settings?tab=keys&app=shop');
  await screen.findByRole('heading', { name: 'Set up an application' });
  expect(screen.getByText(/appInsights\.setup/).textContent).toContain('22222222-0000');
  await userEvent.selectOptions(screen.getByLabelText('Sends with'), 'OpenTelemetry, any language');
  expect((await screen.findByText(/OTEL_EXPORTER_OTLP_HEADERS/)).textContent).toContain('Bearer%2022222222-0000');
  expect(page.address()).toBe('/settings?tab=keys&app=shop&sdk=otel');
});

test('what an application sends with is in the address', async () => {
  page.api.role = 'admin';
  page.open('/settings?tab=keys&app=shop&sdk=python-azure');
  expect((await screen.findByText(/APPLICATIONINSIGHTS_CONNECTION_STRING/)).textContent).toContain('22222222-0000');
  expect(screen.getByLabelText<HTMLSelectElement>('Sends with').value).toBe('python-azure');
});

test('every way to send leads to the API under the key, and none has the address of another', () => {
  const target = { key: 'the-key', connectionString: 'InstrumentationKey=the-key;IngestionEndpoint=http://api:1' };
  const ways = setUps({ ...target, url: 'http://api:1', tlsPort: 2 });
  expect(new Set(ways.map(({ id }) => id)).size).toBe(ways.length);
  for (const { id, snippets, notes = [] } of ways) {
    const code = snippets.map((snippet) => snippet.code).join('\n');
    expect(code, id).toContain('the-key');
    expect(code, id).toMatch(/http:\/\/api:1|https:\/\/api:2/);
    // What is sent to HTTPS, where the certificate is the API's own, says how that is trusted.
    expect(/https:/.test(code), id).toBe(notes.some((note) => /certificate/.test(note)));
  }
});

const connect = (url: string): string => `InstrumentationKey=k;IngestionEndpoint=${url};LiveEndpoint=${url}`;

test.each([
  ['https://insights.test', null, 'https://insights.test', false],
  ['http://127.0.0.1:8080', 9443, 'https://127.0.0.1:9443', false],
  ['http://127.0.0.1:8080', null, 'https://127.0.0.1:8443', true],
])('what talks HTTPS only is sent where the API does: %s, %s', (url, tlsPort, address, mustStart) => {
  const found = setUps({ key: 'k', connectionString: connect(url), url, tlsPort }).find(({ id }) => id === 'node3');
  expect(found?.snippets.at(-1)?.code).toContain(`IngestionEndpoint=${address};LiveEndpoint=${address}`);
  expect(found?.notes?.join().includes('SCORPIOX_INSIGHTS_TLS_PORT')).toBe(mustStart);
});

test('what the API refuses is said in the dialog, which stays; what it takes closes it', async () => {
  page.api.role = 'admin';
  page.api.answers.set('PATCH /api/settings/apps/shop', {
    status: 400,
    body: { error: { code: 'bad-request', message: 'It must be a whole number.' } },
  });
  page.open('/settings');
  await userEvent.click(await screen.findByRole('button', { name: 'Change shop' }));
  const dialog = screen.getByRole('dialog');
  await userEvent.type(within(dialog).getByLabelText('Days for which events are kept'), '9');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
  expect((await within(dialog).findByRole('alert')).textContent).toBe('It must be a whole number.');
  expect(page.api.bodies.at(-1)).toEqual({ retentionDays: 9, apdexMs: null });
  page.api.answers.set('PATCH /api/settings/apps/shop', { status: 200, body: {} });
  await userEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  await waitFor(() => expect(page.api.count('GET /api/settings/apps')).toBe(2));
});

test('an application that is added leads to its set-up', async () => {
  page.api.role = 'admin';
  page.open('/settings');
  await userEvent.click(await screen.findByRole('button', { name: 'Add an application' }));
  await userEvent.type(screen.getByLabelText('Name'), 'blog');
  await userEvent.click(screen.getByRole('button', { name: 'Add' }));
  await screen.findByText(/appInsights\.setup/);
  expect(page.api.bodies.at(-1)).toEqual({ name: 'blog' });
  expect(page.address()).toBe('/settings?tab=keys&app=blog');
});

test('a token is shown when it is issued, and gone when one comes back', async () => {
  page.api.role = 'admin';
  page.open('/settings?tab=tokens');
  await userEvent.click(await screen.findByRole('button', { name: 'Issue a token' }));
  await userEvent.type(screen.getByLabelText('Name'), 'ops');
  await userEvent.selectOptions(screen.getByLabelText('Role'), 'admin');
  await userEvent.click(screen.getByRole('button', { name: 'Issue' }));
  expect(await screen.findByText('sxt_secret')).toBeTruthy();
  expect(page.api.bodies.at(-1)).toEqual({ name: 'ops', role: 'admin' });
  await userEvent.click(screen.getByRole('link', { name: 'Applications' }));
  await userEvent.click(screen.getByRole('link', { name: 'API tokens' }));
  await screen.findByRole('row', { name: /ci/ });
  expect(screen.queryByText('sxt_secret')).toBeNull();
});
