import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { shareAddress } from '../../src/features/explore/share.ts';
import { printEventAddress } from '../../src/lib/event-address.ts';
import { event } from '../support/events.ts';
import { setWide } from '../support/page.tsx';
import { searchPage } from '../support/search-page.tsx';

const site = searchPage();

/** An order that failed, with its log and its trace, among much that went well; the newest first. */
const orders = () => [
  event('POST /order', {
    success: false,
    code: '503',
    durationMs: 1234.5,
    operationId: 'op-1',
    user: 'ada',
    properties: { tenant: 'acme' },
  }),
  event('TimeoutError', { kind: 'exception', message: 'The gateway was slow.', operationId: 'op-1', app: 'payments' }),
  ...Array.from({ length: 8 }, (_, at) => event(`GET /${at}`, { code: '200', success: true, durationMs: at })),
];

const rows = (): string[] => [...document.querySelectorAll('tbody tr')].map((row) => row.textContent ?? '');
const field = (): HTMLInputElement => screen.getByRole('combobox', { name: 'Query' });
/** How calls for the list begin, where there is no query; those that look for newer events say a moment. */
const LIST = 'GET /api/events?from=now-';
const counted = (prefix: string): number => site.page.api.count(prefix);

async function openExplore(address: string, events = orders()): Promise<void> {
  site.search.events = events;
  site.page.open(address);
  await screen.findByRole('table', { name: /Events, newest first/ });
}

describe('the result', () => {
  it('has the newest first, failures marked, and says how many there are', async () => {
    await openExplore('/explore');
    expect(rows()[0]).toMatch(/^Failure.*shoprequestPOST \/order1\.23 s503$/);
    expect(rows()[1]).toMatch(/^Failure.*paymentsexceptionTimeoutError.*The gateway was slow\.$/);
    expect(rows()[2]).not.toMatch(/Failure/);
    expect(await screen.findByText('10 events')).not.toBeNull();
    expect(screen.getByText('That is all: 10 events.')).not.toBeNull();
    expect(screen.getByRole('img', { name: /Events over time\. Events: at most 10/ })).not.toBeNull();
  });

  it('keeps of thousands only those near the screen in the document', async () => {
    site.search.pageSize = 1000;
    await openExplore(
      '/explore',
      Array.from({ length: 500 }, (_, at) => event(`e${at}`)),
    );
    expect(document.querySelectorAll('tr').length).toBeLessThan(120);
    expect(screen.getByRole('table', { name: /Events/ }).getAttribute('aria-rowcount')).toBe('501');
  });

  it('loads more by itself when the end is near, page after page', async () => {
    site.search.pageSize = 4;
    await openExplore('/explore');
    await screen.findByText('That is all: 10 events.');
    expect(
      site.page.api.calls.filter((call) => call.startsWith(LIST)).map((call) => /cursor=\d+/.exec(call)?.[0]),
    ).toEqual([undefined, 'cursor=4', 'cursor=8']);
  });

  it('begins anew when it is refreshed, and not by itself', async () => {
    const user = userEvent.setup();
    site.search.pageSize = 4;
    await openExplore('/explore');
    await screen.findByText('That is all: 10 events.');
    const before = counted(LIST);
    window.dispatchEvent(new Event('focus'));
    document.dispatchEvent(new Event('visibilitychange'));
    site.search.pageSize = 200;
    await user.keyboard('r');
    await waitFor(() => expect(counted(LIST)).toBe(before + 1));
    await screen.findByText('That is all: 10 events.');
  });

  it('has the oldest first where one asks for that, and the address says so', async () => {
    const user = userEvent.setup();
    await openExplore('/explore');
    await user.click(screen.getByRole('button', { name: 'Newest first' }));
    await screen.findByRole('table', { name: 'Events, oldest first' });
    expect(site.page.address()).toBe('/explore?order=oldest');
    expect(rows().at(-1)).toMatch(/POST \/order/);
    expect(site.page.api.calls.at(-1)).toMatch(/^GET \/api\/events\?.*&order=oldest/);
    await user.click(screen.getByRole('button', { name: 'Oldest first' }));
    await screen.findByRole('table', { name: 'Events, newest first' });
    expect(site.page.address()).toBe('/explore');
  });

  it('says how far a search came that gave up, and goes on when asked to', async () => {
    const user = userEvent.setup();
    const old = event('old', { time: '2026-03-21T03:00:00.000000Z' });
    site.search.partial = { reason: 'rows', reached: '2026-03-21T12:00:00.000Z' };
    await openExplore('/explore', [...orders().slice(0, 2), old]);
    expect(rows()).toHaveLength(2);
    expect(screen.getByText(/complete back to/).textContent).toMatch(/5,000 events.*what is older is missing/);
    await user.click(screen.getByRole('button', { name: 'Search further back' }));
    await waitFor(() => expect(rows()).toHaveLength(3));
    expect(screen.queryByText(/complete back to/)).toBeNull();
  });

  it('keeps what is here when more cannot be loaded', async () => {
    const user = userEvent.setup();
    site.search.partial = { reason: 'time', reached: '2026-03-21T12:00:00.000Z' };
    await openExplore('/explore', [...orders().slice(0, 2), event('old', { time: '2026-03-21T03:00:00.000000Z' })]);
    site.page.api.gone = true;
    await user.click(screen.getByRole('button', { name: 'Search further back' }));
    const said = await screen.findByText(/What follows could not be loaded/);
    expect(rows()).toHaveLength(2);
    site.page.api.gone = false;
    await user.click(within(said.closest('div') ?? document.body).getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(rows()).toHaveLength(3));
  });

  it('that is empty offers a longer time and no query', async () => {
    const user = userEvent.setup();
    site.search.events = orders();
    site.page.open('/explore?q=app:nobody&range=1h');
    await screen.findByText('No event matches.');
    await user.click(screen.getByRole('button', { name: 'Look at the last 6 hours' }));
    await waitFor(() => expect(site.page.address()).toContain('range=6h'));
    await user.click(await screen.findByRole('button', { name: 'Clear the query' }));
    await waitFor(() => expect(site.page.address()).toBe('/explore?range=6h'));
    await screen.findByText('10 events');
  });

  it('that failed says why, and comes when it is tried again', async () => {
    const user = userEvent.setup();
    site.search.events = orders();
    site.search.eventsAnswer = { status: 400, body: { error: { code: 'x', message: 'The span is too long.' } } };
    site.page.open('/explore');
    expect((await screen.findByRole('alert')).textContent).toContain('The span is too long.');
    site.search.eventsAnswer = undefined;
    await user.click(screen.getByRole('button', { name: 'Try again now' }));
    await screen.findByRole('table', { name: /Events, newest first/ });
  });

  it('stands in two lines each on a narrow screen', async () => {
    setWide(false);
    site.search.events = orders();
    site.page.open('/explore');
    const list = await screen.findByRole('list', { name: 'Events, newest first' });
    expect(within(list).getAllByRole('listitem')[0]?.textContent).toMatch(
      /^Failure.*shoprequest POST \/order503 · 1\.23 s$/,
    );
  });
});

describe('the query', () => {
  it('is asked at Enter, and stands in the address', async () => {
    const user = userEvent.setup();
    await openExplore('/explore');
    await user.keyboard('/kind:exception{Enter}');
    await waitFor(() => expect(rows()).toHaveLength(1));
    expect(site.page.address()).toBe('/explore?q=kind%3Aexception');
    const before = counted('GET /api/events?q=kind%3Aexception&from=now-');
    await user.click(screen.getByRole('button', { name: 'Search' }));
    await waitFor(() => expect(counted('GET /api/events?q=kind%3Aexception&from=now-')).toBe(before + 1));
  });

  it('shows where a mistake is, asks nothing, and takes that back when it is mended', async () => {
    const user = userEvent.setup();
    await openExplore('/explore');
    const before = counted('GET /api/events?');
    await user.type(field(), 'app:shop stat:5xx{Enter}');
    expect(screen.getByRole('alert').textContent).toMatch(/app:shop stat:5xx.*Column 10:.*status/);
    expect(field().getAttribute('aria-invalid')).toBe('true');
    expect(counted('GET /api/events?')).toBe(before);
    expect(site.page.address()).toBe('/explore');
    await user.clear(field());
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('that the address has wrong is shown to be mended', async () => {
    site.page.open('/explore?q=status:');
    expect((await screen.findByRole('alert')).textContent).toMatch(/Column 8/);
    expect(counted('GET /api/events')).toBe(0);
  });

  it('that the API refuses is told in the same place', async () => {
    const error = { code: 'unknown-app', message: 'There is no application shp.', field: 'q', column: 14 };
    site.search.events = orders();
    site.search.eventsAnswer = { status: 400, body: { error } };
    site.page.open('/explore?q=kind:request+app:shp');
    const said = await screen.findByRole('alert');
    expect(said.textContent).toMatch(/app:shp.*Column 14: There is no application shp\./);
    expect(screen.getAllByRole('alert')).toHaveLength(1);
  });

  it('is completed: fields at once, values from the API, both by keyboard', async () => {
    const user = userEvent.setup();
    await openExplore('/explore');
    await user.type(field(), 'us');
    expect(screen.getAllByRole('option').map((option) => option.textContent)).toEqual(['user:the user']);
    await user.keyboard('{ArrowDown}{Enter}');
    expect(field().value).toBe('user:');
    await waitFor(() => expect(screen.getAllByRole('option')[0]?.textContent).toMatch(/^ada/));
    await user.keyboard('{ArrowDown}');
    expect(field().getAttribute('aria-activedescendant')).toBe(screen.getAllByRole('option')[0]?.id);
    await user.keyboard('{Enter}');
    expect(field().value).toBe('user:ada ');
    await user.keyboard('{Enter}');
    await waitFor(() => expect(site.page.address()).toBe('/explore?q=user%3Aada'));
    expect(rows()).toHaveLength(1);
  });

  it('gives Esc first to the list, then to the field', async () => {
    const user = userEvent.setup();
    await openExplore('/explore');
    await user.type(field(), 'ki');
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('listbox')).toBeNull();
    expect(document.activeElement).toBe(field());
    await user.keyboard('{Escape}');
    expect(document.activeElement).not.toBe(field());
  });
});

describe('an event', () => {
  it('opens beside the list with all it says, keeps its place in the address, and closes by Esc', async () => {
    const user = userEvent.setup();
    await openExplore('/explore');
    await user.keyboard('j{Enter}');
    const panel = await screen.findByRole('complementary', { name: 'Event' });
    await waitFor(() => expect(site.page.address()).toContain('event='));
    expect(panel.textContent).toMatch(/Duration1\.23 s \(1234\.5 ms\).*Userada.*tenantacme/);
    expect(within(panel).getByRole('link', { name: 'Trace' }).getAttribute('href')).toMatch(/^\/traces\/op-1\?/);
    await user.keyboard('j');
    await waitFor(() => expect(panel.textContent).toContain('TimeoutError'));
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('complementary')).toBeNull());
    expect(site.page.address()).toBe('/explore');
    expect(document.activeElement?.closest('tr')?.textContent).toContain('TimeoutError');
  });

  it('is opened by its address alone, also where the list does not have it', async () => {
    const [order] = orders();
    site.search.events = orders();
    site.page.open(`/explore?q=kind:metric&event=${printEventAddress(order ?? event('none'))}`);
    const panel = await screen.findByRole('complementary', { name: 'Event' });
    await within(panel).findByText('ada');
    expect(screen.getByText('No event matches.')).not.toBeNull();
  });

  it('that is gone says so', async () => {
    site.page.open(`/explore?event=${printEventAddress(event('gone'))}`);
    const panel = await screen.findByRole('complementary', { name: 'Event' });
    expect((await within(panel).findByRole('alert')).textContent).toContain('There is no such event.');
  });

  it('narrows the query by its values', async () => {
    const user = userEvent.setup();
    const [order = event('none')] = orders();
    await openExplore(`/explore?q=app:shop&event=${printEventAddress(order)}`);
    await user.click(await screen.findByRole('button', { name: 'Only events with this User' }));
    await waitFor(() => expect(field().value).toBe('app:shop user:ada'));
    await user.click(screen.getByRole('button', { name: 'Not events with this tenant' }));
    await waitFor(() => expect(field().value).toBe('app:shop user:ada -properties.tenant:acme'));
    await screen.findByText('No event matches.');
  });
});

describe('what can be done with the result', () => {
  it('is to choose columns, which stand in the address', async () => {
    const user = userEvent.setup();
    await openExplore('/explore?columns=app,name');
    await user.click(screen.getByLabelText('User'));
    await waitFor(() => expect(rows()[0]).toMatch(/POST \/order.*ada$/));
    await user.click(screen.getByLabelText('tenant'));
    await waitFor(() => expect(rows()[0]).toMatch(/ada.*acme$/));
    expect(new URLSearchParams(window.location.search).get('columns')).toBe('app,name,user,properties.tenant');
    await user.click(screen.getByRole('button', { name: 'As at first', hidden: true }));
    await waitFor(() => expect(site.page.address()).toBe('/explore'));
  });

  it('is to export all that match', async () => {
    await openExplore('/explore?q=app:shop&range=6h');
    const href = screen.getByRole('link', { name: /^CSV/, hidden: true }).getAttribute('href');
    expect(href).toBe('/api/events/export?q=app%3Ashop&from=now-6h&to=now&format=csv');
  });

  it('is to save it as a view, to come back to it, and to remove it', async () => {
    const user = userEvent.setup();
    await openExplore('/explore?q=app:shop&range=6h&columns=app,name');
    await user.type(screen.getByLabelText('Name of the view'), 'Orders{Enter}');
    const saved = await screen.findByRole('button', { name: 'Orders', hidden: true });
    expect(site.page.api.bodies.at(-1)).toEqual({
      name: 'Orders',
      q: 'app:shop',
      from: 'now-6h',
      to: 'now',
      columns: ['app', 'name'],
    });
    await user.click(screen.getByRole('radio', { name: 'Last hour' }));
    await user.clear(field());
    await user.type(field(), 'kind:exception{Enter}');
    await waitFor(() => expect(site.page.address()).toContain('exception'));
    await user.click(saved);
    await waitFor(() => expect(site.page.address()).toBe('/explore?range=6h&q=app%3Ashop&columns=app%2Cname'));
    await user.click(screen.getByRole('button', { name: 'Delete the view Orders', hidden: true }));
    await waitFor(() => expect(screen.queryByText('Orders')).toBeNull());
    expect(site.search.views).toEqual([]);
  });

  it('is to hand it on as a link to just these events', () => {
    const span = { from: '2026-03-20T23:00:00.000Z', to: '2026-03-21T23:00:00.000Z' };
    expect(shareAddress('http://host/explore?q=a%3Ab&range=24h', span)).toBe(
      'http://host/explore?q=a%3Ab&from=2026-03-20T23%3A00%3A00.000Z&to=2026-03-21T23%3A00%3A00.000Z',
    );
    expect(shareAddress('http://host/explore?range=24h', undefined)).toBe('http://host/explore?range=24h');
  });
});
