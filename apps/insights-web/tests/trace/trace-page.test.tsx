import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { printEventAddress } from '../../src/lib/event-address.ts';
import { event } from '../support/events.ts';
import { searchPage } from '../support/search-page.tsx';
import { log, span, traceOf } from '../support/traces.ts';

const site = searchPage();

const ID = '4bf92f3577b34da6a3ce929d0e0e4736';

/** An order that called the payments, which failed; its root is named by `more`. */
const order = (more: Parameters<typeof traceOf>[0] = {}) =>
  traceOf({
    apps: ['shop', 'payments'],
    durationMs: 120,
    spans: [
      span('POST /order', null, 0, 120),
      { ...span('POST /charges', 0, 10, 80), app: 'payments', success: false, code: '503' },
      span('ledger', 1, 12, 5),
      span('labels', 0, 95, 20),
    ],
    logs: [{ ...log('TimeoutError', 1, 70), kind: 'exception', severity: 'error', app: 'payments' }],
    criticalPath: [{ span: 1, fromMs: 10, toMs: 90 }],
    gaps: [{ span: 0, fromMs: 0, toMs: 10 }],
    ...more,
  });

const rows = (): string[] => [...document.querySelectorAll('tbody tr')].map((row) => row.textContent ?? '');
const names = (): (string | undefined)[] =>
  rows().map((row) => /POST \/order|POST \/charges|ledger|labels|TimeoutError/.exec(row)?.[0]);

async function openTrace(trace = order(), more = ''): Promise<void> {
  site.search.traces = [trace];
  site.page.open(`/traces/${ID}${more}`);
  await screen.findByRole('treegrid', { name: 'Waterfall' });
}

describe('a trace', () => {
  it('stands as a tree, each line with its application and how long it took, failures marked', async () => {
    await openTrace(order(), '?near=2026-03-21T22:00:00Z');
    expect(site.page.api.calls).toContain(`GET /api/traces/${ID}?near=2026-03-21T22%3A00%3A00Z`);
    expect(names()).toEqual(['POST /order', 'POST /charges', 'ledger', 'TimeoutError', 'labels']);
    expect(rows()[1]).toMatch(/FailurePOST \/charges.*payments80 ms/);
    expect(rows()[3]).toMatch(/Failureerror.*TimeoutError.*payments.*at 70 ms/);
    const levels = [...document.querySelectorAll('tbody tr')].map((row) => row.getAttribute('aria-level'));
    expect(levels).toEqual(['1', '2', '3', '3', '2']);
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('POST /order');
    expect(screen.getByText(/120 ms · 2 applications · 4 spans · 1 log or moment · 2 failures/)).not.toBeNull();
    expect(screen.getByText(/critical path/)).not.toBeNull();
    expect(document.title).toBe('POST /order · Trace · Scorpiox');
  });

  it('is gone through by keyboard: up and down, closed and opened, Enter for the details', async () => {
    const user = userEvent.setup();
    site.search.events = [event('POST /charges', { app: 'payments', message: 'The gateway was slow.' })];
    await openTrace();
    await user.keyboard('jj');
    expect(document.activeElement?.textContent).toContain('POST /charges');
    await user.keyboard('{ArrowLeft}');
    expect(names()).toEqual(['POST /order', 'POST /charges', 'labels']);
    expect(document.activeElement?.closest('tr')?.getAttribute('aria-expanded')).toBe('false');
    await user.keyboard('{ArrowRight}');
    expect(names()).toHaveLength(5);
    await user.keyboard('{ArrowRight}');
    expect(document.activeElement?.textContent).toContain('ledger');
    await user.keyboard('{ArrowLeft}');
    expect(document.activeElement?.textContent).toContain('POST /charges');
    await user.keyboard('{ArrowDown}{ArrowUp}{Enter}');
    const panel = await screen.findByRole('complementary', { name: 'Event' });
    await within(panel).findByText('The gateway was slow.');
    expect(site.page.address()).toContain('event=');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(site.page.address()).toBe(`/traces/${ID}`));
    expect(document.activeElement?.textContent).toContain('POST /charges');
  });

  it('leads to its events', async () => {
    await openTrace();
    const href = screen.getByText('As events').getAttribute('href') ?? '';
    const { searchParams } = new URL(href, 'http://localhost');
    expect(Object.fromEntries(searchParams)).toEqual({
      q: `operation:${ID}`,
      from: '2026-03-21T21:59:00.000Z',
      to: '2026-03-21T22:01:00.120Z',
    });
  });

  it('collapses by a click, and says how many it hides', async () => {
    const user = userEvent.setup();
    await openTrace();
    await user.click(screen.getByRole('button', { name: 'Collapse POST /order' }));
    expect(names()).toEqual(['POST /order']);
    expect(screen.getByRole('button', { name: 'Expand POST /order' }).textContent).toBe('4');
  });

  it('says what is missing of it: parents, and what is past the limit', async () => {
    const orphan = { ...span('labels', null, 95, 20), parentId: 'gone' };
    await openTrace(
      order({ spans: [span('POST /order', null, 0, 120), orphan], logs: [], cut: true, notes: ['A note.'] }),
    );
    expect(screen.getByText(/1 span names a parent that is not here/)).not.toBeNull();
    expect(screen.getByText(/more events than are shown here/)).not.toBeNull();
    expect(screen.getByText('A note.')).not.toBeNull();
    expect(rows()[1]).toMatch(/labels.*parent missing/);
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('POST /order');
  });

  it('that is not there says so, and is looked for again on demand', async () => {
    const user = userEvent.setup();
    site.page.open(`/traces/${ID}`);
    expect((await screen.findByRole('alert')).textContent).toContain('There is no event of this operation.');
    site.search.traces = [order()];
    await user.keyboard('r');
    await screen.findByRole('treegrid', { name: 'Waterfall' });
  });

  it('has a table behind it, by the time of their own', async () => {
    const user = userEvent.setup();
    await openTrace();
    await user.click(screen.getByText(/as a table/));
    const table = await screen.findByRole('table', { name: /Spans/ });
    expect(
      within(table)
        .getAllByRole('rowheader')
        .map((cell) => cell.textContent),
    ).toEqual(['POST /order', 'FailurePOST /charges', 'labels', 'ledger']);
  });

  it('asks Explore for more of a value', async () => {
    const user = userEvent.setup();
    const known = event('POST /charges', { user: 'ada' });
    site.search.events = [known];
    await openTrace(order(), `?event=${printEventAddress(known)}`);
    await user.click(await screen.findByRole('button', { name: 'Not events with this User' }));
    await waitFor(() => expect(site.page.address()).toBe('/explore?q=-user%3Aada'));
  });
});
