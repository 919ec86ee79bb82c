import { act, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { event } from '../support/events.ts';
import { FakeEventSource } from '../support/fake-event-source.ts';
import { searchPage } from '../support/search-page.tsx';

const site = searchPage();

beforeEach(() => {
  FakeEventSource.opened = [];
  vi.stubGlobal('EventSource', FakeEventSource);
});

const rows = (): string[] => [...document.querySelectorAll('tbody tr')].map((row) => row.textContent ?? '');

/** Opens the page and its stream. */
async function openLive(address = '/live'): Promise<FakeEventSource> {
  site.page.open(address);
  await screen.findByText('Connecting.');
  const source = FakeEventSource.newest;
  act(() => source.accept());
  return source;
}

const send = (source: FakeEventSource, ...names: string[]): void =>
  act(() => source.send('events', { events: names.map((name) => event(name)), missed: 0 }));

function showTab(visible: boolean): void {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(visible ? 'visible' : 'hidden');
  act(() => void document.dispatchEvent(new Event('visibilitychange')));
}

describe('the live page', () => {
  it('shows what arrives, the newest first', async () => {
    const source = await openLive('/live?q=app:shop');
    expect(source.url).toBe('/api/live?q=app%3Ashop');
    expect(screen.getByText('Waiting for events.')).not.toBeNull();
    send(source, 'first', 'second');
    await screen.findByText('second');
    expect(rows().map((row) => /first|second/.exec(row)?.[0])).toEqual(['second', 'first']);
    expect(screen.getByText('Live', { selector: '[role=status]' })).not.toBeNull();
    expect(screen.getByText('2 received')).not.toBeNull();
  });

  it('says which processes it does not hear of, while there are any', async () => {
    const source = await openLive('/live?q=app:shop');
    const beat = (...others: string[]): void =>
      act(() => source.send('beat', { now: '2026-03-21T23:00:00Z', matched: 0, missed: 0, others }));
    beat();
    expect(screen.queryByText(/Only what this page/)).toBeNull();
    beat('db2:8080', 'db3:8080');
    expect((await screen.findByText(/Only what this page/)).textContent).toContain(
      '2 others take (db2:8080, db3:8080)',
    );
    expect(screen.getByRole('link', { name: 'All in Explore' }).getAttribute('href')).toBe('/explore?q=app%3Ashop');
    beat();
    await waitFor(() => expect(screen.queryByText(/Only what this page/)).toBeNull());
  });

  it('holds still while paused, says how many wait, and lets them in', async () => {
    const user = userEvent.setup();
    const source = await openLive();
    send(source, 'first');
    await screen.findByText('first');
    await user.keyboard('p');
    send(source, 'second', 'third');
    await user.click(await screen.findByText('Show 2 new'));
    await screen.findByText('third');
    expect(rows()).toHaveLength(3);
    expect(screen.queryByText('Paused')).toBeNull();
  });

  it('opens a lost connection again, says so, and marks what it may have missed', async () => {
    const user = userEvent.setup();
    const source = await openLive();
    send(source, 'first');
    await screen.findByText('first');
    act(() => source.fail());
    expect(source.isClosed).toBe(true);
    await screen.findByText(/Connection lost at .*, trying again/);
    await user.click(screen.getByText('Try now'));
    const next = FakeEventSource.newest;
    expect(next).not.toBe(source);
    act(() => next.accept());
    send(next, 'second');
    await screen.findByText('second');
    expect(rows()[1]).toMatch(/The connection was lost, .*missing here.*See them in Explore/);
    const href = screen.getByText('See them in Explore').getAttribute('href') ?? '';
    expect(href).toMatch(/^\/explore\?.*from=.*to=/);
  });

  it('says how many came too fast', async () => {
    const source = await openLive();
    act(() => source.send('events', { events: [event('next')], missed: 7 }));
    await screen.findByText('next');
    expect(rows()[1]).toMatch(/Too many came at once, .*7 events are missing here/);
  });

  it('has no connection while the tab is hidden', async () => {
    const source = await openLive();
    send(source, 'first');
    await screen.findByText('first');
    showTab(false);
    expect(source.isClosed).toBe(true);
    showTab(true);
    act(() => FakeEventSource.newest.accept());
    await waitFor(() => expect(rows()[0]).toMatch(/This tab was hidden/));
    expect(FakeEventSource.opened).toHaveLength(2);
  });

  it('asks why it is refused: too many viewers pass, a session that is over leads to the sign-in', async () => {
    const source = await openLive();
    const refusal = { error: { code: 'busy', message: 'There are 100 viewers already.' } };
    vi.stubGlobal('fetch', async () => new Response(JSON.stringify(refusal), { status: 503 }));
    act(() => source.fail(true));
    await screen.findByText(/There are 100 viewers already\. It is tried again/);
    await userEvent.setup().click(screen.getByText('Try now'));
    site.page.api.signedIn = false;
    vi.stubGlobal('fetch', site.page.api.fetch);
    act(() => FakeEventSource.newest.send('end', { reason: 'signed-out' }));
    await waitFor(() => expect(site.page.address()).toMatch(/^\/sign-in\?return=/));
  });

  it('begins anew with another filter, and asks for nothing while the filter has a mistake', async () => {
    const user = userEvent.setup();
    const source = await openLive();
    send(source, 'first');
    await screen.findByText('first');
    await user.keyboard('/kind:{Enter}');
    expect(screen.getByRole('alert').textContent).toMatch(/Column 6/);
    expect(FakeEventSource.opened).toHaveLength(1);
    await user.keyboard('metric{Enter}');
    await waitFor(() => expect(FakeEventSource.newest.url).toBe('/api/live?q=kind%3Ametric'));
    expect(source.isClosed).toBe(true);
    expect(screen.queryByText('first')).toBeNull();
    expect(site.page.address()).toBe('/live?q=kind%3Ametric');
  });

  it('closes its connection when it is left', async () => {
    const user = userEvent.setup();
    const source = await openLive();
    await user.keyboard('ga');
    await waitFor(() => expect(source.isClosed).toBe(true));
  });
});
