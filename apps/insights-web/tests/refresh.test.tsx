import { act, fireEvent, screen } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { app } from './support/answers.ts';
import { browserPage } from './support/page.tsx';

const page = browserPage();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] });
  vi.setSystemTime('2026-03-21T23:00:00Z');
});

/** Lets the clock run, and everything that it sets off. */
const pass = (ms: number): Promise<void> => act(async () => void (await vi.advanceTimersByTimeAsync(ms)));

const calls = (): number => page.api.count('GET /api/apps');
const rowOf = (name: string): HTMLElement => screen.getByRole('row', { name: new RegExp(name) });

async function openApps(address = '/apps?range=1h'): Promise<void> {
  page.open(address);
  await pass(50);
}

function showTab(visible: boolean): void {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(visible ? 'visible' : 'hidden');
  document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
}

describe('a refresh', () => {
  it('changes figures in place: no row, no heading and no waiting state comes or goes', async () => {
    await openApps();
    const row = rowOf('broken');
    const drawn: string[] = [];
    const watcher = new MutationObserver((records) => {
      for (const { addedNodes, removedNodes } of records) {
        for (const node of [...addedNodes, ...removedNodes]) if (node instanceof Element) drawn.push(node.outerHTML);
      }
    });
    watcher.observe(document.body, { childList: true, subtree: true });
    page.api.hold();
    await pass(6_000);
    expect(calls()).toBe(2);
    expect(document.querySelector('[aria-busy=true]')).toBeNull();
    page.api.apps = page.api.apps.map((one) => ({ ...one, requestsPerMinute: one.requestsPerMinute + 500 }));
    page.api.release();
    await pass(50);
    expect(rowOf('broken')).toBe(row);
    expect(row.textContent).toContain('501');
    watcher.disconnect();
    expect(drawn).toEqual([]);
  });

  it('never overlaps the one before, however slow that is or often one asks', async () => {
    await openApps();
    page.api.hold();
    await pass(5_000);
    expect(calls()).toBe(2);
    for (let press = 0; press < 3; press += 1) {
      fireEvent.keyDown(document.body, { key: 'r' });
      await pass(3_000);
    }
    expect(calls()).toBe(2);
    page.api.release();
    await pass(5_050);
    expect(calls()).toBe(3);
  });

  it('pauses in a hidden tab and catches up when it is shown', async () => {
    await openApps();
    act(() => showTab(false));
    await pass(60_000);
    expect(calls()).toBe(1);
    act(() => showTab(true));
    await pass(50);
    expect(calls()).toBe(2);
  });

  it('keeps the old rows while another range loads', async () => {
    await openApps();
    page.api.hold();
    fireEvent.click(screen.getByRole('radio', { name: 'Last 7 days' }));
    await pass(50);
    expect(page.api.calls.at(-1)).toContain('from=now-7d');
    expect(rowOf('broken').closest('[aria-busy=true]')).not.toBeNull();
    page.api.release();
    await pass(50);
    expect(rowOf('broken').closest('[aria-busy=true]')).toBeNull();
  });
});

describe('when the API is gone', () => {
  it('keeps the figures, says from when they are, and takes that back when it answers again', async () => {
    await openApps();
    page.api.gone = true;
    await pass(6_500);
    const said = screen.getByText(/cannot be reached/);
    expect(said.textContent).toMatch(/These figures are from \d\d:\d\d:\d\d; the page tries again every 5 seconds/);
    expect(rowOf('broken').textContent).toContain('Failing');
    await pass(40 * 60_000);
    expect(rowOf('calm').textContent, 'blindness is not silence').toContain('Healthy');
    expect(said.isConnected, 'the banner stays while the page tries').toBe(true);
    page.api.gone = false;
    await pass(5_050);
    expect(screen.queryByText(/cannot be reached/)).toBeNull();
  });

  it('says so on a page that never had figures, without blinking between its tries', async () => {
    page.api.gone = true;
    await openApps();
    expect(screen.getByText('Loading the applications')).not.toBeNull();
    await pass(1_100);
    const said = screen.getByRole('alert');
    expect(said.textContent).toMatch(/cannot be reached.*again every 5 seconds/);
    page.api.hold();
    await pass(5_000);
    expect(calls()).toBeGreaterThan(2);
    expect(screen.getByRole('alert')).toBe(said);
    page.api.gone = false;
    page.api.release();
    await pass(50);
    expect(rowOf('broken')).not.toBeNull();
  });

  it.each([
    [
      'its own sentence',
      {
        status: 503,
        body: { error: { code: 'busy', message: 'The store is busy.' } },
        headers: { 'retry-after': '7' },
      },
      /The store is busy\. Try again in 7 s\./,
    ],
    ['an answer that is none', { status: 200, body: { apps: [{ name: 'x' }] } }, /does not understand/],
    ['a proxy in between', { status: 502, body: 'Bad Gateway' }, /cannot be reached/],
  ])('tells %s', async (_what, answer, sentence) => {
    page.api.appsAnswer = answer;
    await openApps();
    await pass(1_100);
    expect(screen.getByRole('alert').textContent).toMatch(sentence);
  });
});

describe('a browser whose clock is wrong', () => {
  it('goes by the API’s clock', async () => {
    vi.setSystemTime('2026-03-23T05:00:00Z');
    await openApps();
    expect(rowOf('calm').textContent).toMatch(/Healthy.*1 min ago/);
    await pass(3_000);
    vi.setSystemTime('2026-03-20T05:00:00Z');
    await pass(1_000);
    expect(rowOf('calm').textContent).toMatch(/Healthy.*1 min ago/);
  });
});

describe('before the first event', () => {
  it('tells how to send one, and turns into the list by itself when it arrives', async () => {
    page.api.apps = [];
    await openApps();
    expect(screen.getByText('scorpiox app add NAME')).not.toBeNull();
    expect(screen.getByText(/^InstrumentationKey=KEY;IngestionEndpoint=http/)).not.toBeNull();
    expect(screen.getByText(/^curl http.*\/api\/ingest/)).not.toBeNull();
    page.api.apps = [app('shop', { received: 0, lastSeen: null, requests: 0 })];
    await pass(5_050);
    expect(screen.getByText(/not heard of yet: shop/)).not.toBeNull();
    expect(screen.queryByRole('table')).toBeNull();
    page.api.apps = [app('shop', { received: 1, requests: 1 })];
    await pass(5_050);
    expect(rowOf('shop').textContent).toContain('Healthy');
    expect(screen.queryByText('scorpiox app add NAME')).toBeNull();
  });

  it('shows the key of the application that waits to an admin, to nobody else', async () => {
    page.api.apps = [app('shop', { received: 0, lastSeen: null, requests: 0 })];
    page.api.role = 'admin';
    await openApps();
    await pass(50);
    expect(screen.getByText('InstrumentationKey=shop-key;IngestionEndpoint=http://127.0.0.1:8080')).not.toBeNull();
    expect(screen.getByText(/^curl http.*Bearer shop-key/)).not.toBeNull();
  });

  it('does not ask for keys for a viewer', async () => {
    page.api.apps = [app('shop', { received: 0, lastSeen: null, requests: 0 })];
    await openApps();
    await pass(50);
    expect(screen.getByText(/^InstrumentationKey=KEY;/)).not.toBeNull();
    expect(page.api.count('GET /api/settings')).toBe(0);
  });
});
