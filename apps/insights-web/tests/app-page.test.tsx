import { parseQuery } from '@scorpiox/shared/query-language';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { perMinute } from '../src/features/app/rates.ts';
import { eventsQuery } from '../src/lib/events-address.ts';
import { browserPage, setWide } from './support/page.tsx';

const page = browserPage();

async function openApp(address: string) {
  page.open(address);
  await screen.findByRole('heading', { level: 1, name: 'broken' });
  return userEvent.setup();
}

describe('the page of an application', () => {
  it('tells how it is, draws its traffic, and leads on to operations and exceptions', async () => {
    await openApp('/apps/broken?range=1h');
    expect(await screen.findByText('15% of its requests failed in the last 5 minutes.')).not.toBeNull();
    for (const chart of [/^Requests a minute\./, /^Failures and exceptions a minute\./, /^Duration\./]) {
      expect(screen.getByRole('img', { name: chart })).not.toBeNull();
    }
    expect(page.api.calls).toContain('GET /api/apps/broken/overview?from=now-1h&to=now&points=120');
    expect(page.api.count('GET /api/apps/broken/overview')).toBe(1);
    const operation = await screen.findByRole('link', { name: 'GET /cart' });
    expect(operation.getAttribute('href')).toBe('/apps/broken?range=1h&tab=operations&chosen=GET+%2Fcart');
    expect(await screen.findAllByText('NullReference in the cart')).not.toHaveLength(0);
    expect(document.title).toBe('broken · Scorpiox');
  });

  it('looks closely at an operation, which the address holds and Back takes back', async () => {
    const user = await openApp('/apps/broken?tab=operations');
    await user.click(await screen.findByRole('link', { name: 'GET /cart' }));
    await screen.findByRole('region', { name: 'GET /cart' });
    await waitFor(() => expect(page.api.count('GET /api/apps/broken/timeline')).toBe(1));
    expect(page.api.calls.find((call) => call.includes('/latency'))).toContain('kind=request&operation=GET+%2Fcart');
    window.history.back();
    await waitFor(() => expect(screen.queryByRole('region', { name: 'GET /cart' })).toBeNull());
  });

  it('asks the API for the order and the filter of the address', async () => {
    const user = await openApp('/apps/broken?tab=operations&sort=-p95&filter=cart');
    await screen.findByRole('table');
    expect(page.api.calls.find((call) => call.includes('/operations'))).toMatch(
      /limit=50&sort=p95&order=desc&search=cart/,
    );
    await user.click(within(screen.getByRole('columnheader', { name: /Count/ })).getByRole('button'));
    await waitFor(() => expect(page.address()).toBe('/apps/broken?tab=operations&sort=-count&filter=cart'));
  });

  it('opens an exception to its newest stack', async () => {
    const user = await openApp('/apps/broken?tab=exceptions');
    await user.click(await screen.findByText('Timeout'));
    expect(screen.getAllByText(/at Shop\.Api\.Post/)).not.toHaveLength(0);
    const [trace] = screen.getAllByRole('link', { name: /in its operation/ });
    expect(trace?.getAttribute('href')).toMatch(/^\/traces\/abc\?near=2026-03-21/);
    await user.selectOptions(screen.getByRole('combobox', { name: 'Order by' }), 'users met');
    await waitFor(() => expect(page.api.calls.at(-1)).toContain('sort=users&order=desc'));
  });

  it('lists instances and versions', async () => {
    await openApp('/apps/broken?tab=instances');
    const instances = await screen.findByRole('table', { name: /Instances/ });
    expect(
      within(instances)
        .getAllByRole('rowheader')
        .map((cell) => cell.textContent),
    ).toEqual(['web-1', 'not told', 'web-2']);
    expect(within(screen.getByRole('table', { name: /Versions/ })).getAllByRole('rowheader')).toHaveLength(2);
  });

  it('says what would fill a section that has nothing', async () => {
    await openApp('/apps/broken?tab=views');
    expect(await screen.findByText('No page views in this time range')).not.toBeNull();
    expect(screen.getByText(/SDK for browsers/)).not.toBeNull();
  });

  it('offers its sections as a choice and goes there, keeping the range', async () => {
    const user = await openApp('/apps/broken?range=7d&tab=operations&sort=-p95');
    await user.selectOptions(screen.getByRole('combobox', { name: 'Section' }), 'Dependencies');
    await waitFor(() => expect(page.address()).toBe('/apps/broken?range=7d&tab=dependencies'));
    expect(await screen.findByText('SQL · db-1')).not.toBeNull();
  });

  it('says once that a refresh failed, however many answers it is made of', async () => {
    const user = await openApp('/apps/broken?range=1h');
    await screen.findByRole('link', { name: 'GET /cart' });
    await screen.findAllByText('NullReference in the cart');
    page.api.gone = true;
    await user.keyboard('r');
    expect(await screen.findAllByText(/These figures are from/)).toHaveLength(1);
  });

  it('waits for one that never sent anything, and leads to its set-up', async () => {
    page.api.role = 'admin';
    page.open('/apps/unheard');
    expect(await screen.findByText('Waiting for the first event')).not.toBeNull();
    const setUp = await screen.findByRole('link', { name: 'Set it up' });
    expect(setUp.getAttribute('href')).toBe('/settings?tab=keys&app=unheard');
    expect(screen.queryByText('Where the time goes')).toBeNull();
  });

  it('shows an application that does not exist as such', async () => {
    page.open('/apps/nobody');
    expect(await screen.findByText('There is no application called “nobody”.')).not.toBeNull();
    expect(screen.getByRole('link', { name: 'To the applications' })).not.toBeNull();
  });
});

describe('the map', () => {
  it('draws who calls whom and has the same in a table', async () => {
    page.open('/map');
    const table = await screen.findByRole('table', { name: /Calls between applications/ });
    expect(
      within(table)
        .getAllByRole('rowheader')
        .map((cell) => cell.textContent),
    ).toEqual(['broken → quiet', 'calm → broken']);
    const map = screen.getByRole('region', { name: /^Map of calls/ });
    const nodes = within(map).getAllByRole('link');
    expect(nodes.map((node) => node.getAttribute('href'))).toEqual(['/apps/calm', '/apps/broken', '/apps/quiet']);
    expect(within(map).getByTitle(/^calm calls broken: 13 a minute, 15% failed/)).not.toBeNull();
    expect(screen.getByRole('link', { name: /unheard/ })).not.toBeNull();
  });

  it('is reached by its key, and is cards on a narrow screen', async () => {
    setWide(false);
    page.open('/apps?range=6h');
    await screen.findByRole('list', { name: 'Applications' });
    await userEvent.setup().keyboard('gm');
    await screen.findByRole('list', { name: 'Calls between applications' });
    expect(page.address()).toBe('/map?range=6h');
    // Nothing that would have to be scrolled sideways; but every application with how it is.
    expect(screen.queryByRole('region', { name: /^Map of calls/ })).toBeNull();
    expect(screen.getByRole('link', { name: /^unheard Waiting/ })).not.toBeNull();
  });
});

describe('a query for events', () => {
  it('is one that the query language reads as it is meant', () => {
    const name = 'GET "a\\b" (x:*)';
    const parsed = parseQuery(eventsQuery({ app: 'my shop', kind: 'request', name }));
    const parts = [
      { op: 'match', field: 'app', pattern: ['my shop'] },
      { op: 'kind', kind: 'request' },
      { op: 'match', field: 'name', pattern: [name], whole: true },
    ];
    expect(parsed).toMatchObject({ ok: true, value: { query: { op: 'and', parts } } });
  });

  it('leaves out a name that would be too long for it', () => {
    expect(eventsQuery({ app: 'shop', kind: 'request', name: 'x'.repeat(600) })).toBe('app:shop kind:request');
  });
});

describe('rates', () => {
  const minute = 60_000;
  it('counts the step under way by the part of it that has passed, and not at all when that is short', () => {
    const steps = { start: 0, seconds: 300, count: 3 };
    expect(perMinute([50, 10, 0], steps, 7 * minute)).toEqual([10, 5, null]);
    expect(perMinute([50, 10, 0], steps, 6 * minute)).toEqual([10, null, null]);
    expect(perMinute([50, 10, 5], steps, 99 * minute)).toEqual([10, 2, 1]);
  });
});
