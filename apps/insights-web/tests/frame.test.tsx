import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { findCommands } from '../src/app/palette/commands.ts';
import { apiRange, parseRange, printRange, refreshEvery, SPANS, validateRange } from '../src/lib/time-range.ts';
import '../src/app/palette/palette.tsx';
import { browserPage } from './support/page.tsx';

const page = browserPage();

async function openApps(address = '/apps') {
  const user = userEvent.setup();
  page.open(address);
  await screen.findByRole('table');
  return user;
}

describe('the time range', () => {
  it('gives back from the address what was put there', () => {
    for (const span of SPANS) {
      expect(parseRange({ ...printRange({ kind: 'last', span }) })).toEqual({ kind: 'last', span });
    }
    const day = { kind: 'between', from: Date.UTC(2026, 2, 20), to: Date.UTC(2026, 2, 21) } as const;
    expect(parseRange({ ...printRange(day) })).toEqual(day);
    expect(apiRange(day)).toEqual({ from: '2026-03-20T00:00:00.000Z', to: '2026-03-21T00:00:00.000Z' });
    expect(refreshEvery(day)).toBe(false);
  });

  it.each([
    [{}],
    [{ range: '5y' }],
    [{ range: 5 }],
    [{ from: '2026-03-21T00:00:00Z' }],
    [{ from: 'yesterday', to: 'now' }],
    [{ from: '2026-03-21T00:00:00Z', to: '2026-03-21T00:00:59Z' }],
    [{ from: '2026-03-21T00:00:00Z', to: '2026-03-20T00:00:00Z' }],
  ])('takes %j for the default', (query) => {
    expect(parseRange(query)).toEqual({ kind: 'last', span: '24h' });
    expect(validateRange(query)).toEqual({});
  });

  it('can be any time, which the address then holds and Back takes back', async () => {
    const user = await openApps('/apps?sort=name');
    await user.click(screen.getByRole('button', { name: 'Other time range' }));
    const dialog = screen.getByRole('dialog', { name: 'Time range' });
    const from = within(dialog).getByLabelText('From');
    fireEvent.change(from, { target: { value: '2026-03-20T10:00' } });
    fireEvent.change(within(dialog).getByLabelText('To'), { target: { value: '2026-03-20T09:00' } });
    await user.click(within(dialog).getByRole('button', { name: 'Show' }));
    expect(within(dialog).getByRole('alert').textContent).toMatch(/at least a minute/);
    fireEvent.change(within(dialog).getByLabelText('To'), { target: { value: '2026-06-20T10:00' } });
    await user.click(within(dialog).getByRole('button', { name: 'Show' }));
    expect(within(dialog).getByRole('alert').textContent).toMatch(/At most 31 days/);
    fireEvent.change(within(dialog).getByLabelText('To'), { target: { value: '2026-03-20T11:30' } });
    await user.click(within(dialog).getByRole('button', { name: 'Show' }));
    const utc = (local: string): string => new Date(local).toISOString();
    const query = new URLSearchParams({ from: utc('2026-03-20T10:00'), to: utc('2026-03-20T11:30') });
    await waitFor(() => expect(page.api.calls.at(-1)).toBe(`GET /api/apps?${query}`));
    expect(page.address()).toContain('sort=name');
    expect(screen.getByRole('button', { name: /^Time range: 03-20 10:00 – 11:30/ })).not.toBeNull();
    window.history.back();
    await waitFor(() => expect(page.address()).toBe('/apps?sort=name'));
  });

  it('that is too long in an address is shown from its end, which the page says', async () => {
    const user = await openApps('/apps?from=2026-01-01T00:00:00.000Z&to=2026-03-21T00:00:00.000Z');
    const [from, to] = ['2026-02-18T00:00:00.000Z', '2026-03-21T00:00:00.000Z'];
    expect(page.api.calls).toContain(`GET /api/apps?${new URLSearchParams({ from, to })}`);
    expect(page.address()).toContain('from=2026-01-01');
    await user.click(await screen.findByRole('button', { name: 'Take these 31 days' }));
    await waitFor(() => expect(page.address()).toContain('from=2026-02-18'));
    expect(screen.queryByText(/At most 31 days/)).toBeNull();
  });
});

describe('the palette', () => {
  it('changes the range by a few letters and Enter, and gives the focus back', async () => {
    const user = await openApps();
    const filter = screen.getByRole('searchbox');
    filter.focus();
    await user.keyboard('{Control>}k{/Control}');
    const field = await screen.findByRole('combobox', { name: /Page, application/ });
    await user.type(field, '7 days');
    expect(screen.getAllByRole('option').map((option) => option.textContent)).toEqual(['Last 7 daysTime range']);
    await user.keyboard('{Enter}');
    await waitFor(() => expect(page.address()).toBe('/apps?range=7d'));
    expect(screen.queryByRole('combobox')).toBeNull();
  });

  it('knows the applications, and says when nothing is called so', async () => {
    const user = await openApps('/apps?range=1h');
    await user.click(screen.getByRole('button', { name: /^Go to …/ }));
    const field = await screen.findByRole('combobox', { name: /Page, application/ });
    await user.type(field, 'zzz');
    expect(screen.getByText(/Nothing here is called “zzz”/)).not.toBeNull();
    await user.clear(field);
    await user.type(field, 'bro');
    expect(screen.getByRole('option', { name: /broken/ }).getAttribute('aria-selected')).toBe('true');
    await user.keyboard('{Enter}');
    await waitFor(() => expect(page.address()).toMatch(/broken/));
    expect(page.address()).toContain('range=1h');
  });

  it('finds by words of name and kind, what begins so first', () => {
    const command = (name: string, group: string) => ({ id: name, name, group, run: () => {} });
    const all = [command('web map', 'Application'), command('Map', 'Page'), command('Apps', 'Page')];
    expect(findCommands(all, 'map').map(({ name }) => name)).toEqual(['Map', 'web map']);
    expect(findCommands(all, 'page a').map(({ name }) => name)).toEqual(['Map', 'Apps']);
    expect(findCommands(all, '')).toHaveLength(3);
  });
});

describe('the keys of every page', () => {
  it('goes to a page by g and its letter, and keeps the range', async () => {
    const user = await openApps('/apps?range=1h&filter=bro');
    await user.keyboard('ga');
    await waitFor(() => expect(page.address()).toBe('/apps?range=1h'));
  });

  it('forgets g when another key follows', async () => {
    const user = await openApps('/apps?filter=bro');
    await user.keyboard('gxa');
    await user.keyboard('/ga');
    expect(page.address()).not.toBe('/apps');
  });

  it('steps through the rows by j and k', async () => {
    const user = await openApps();
    const at = (): string => document.activeElement?.closest('[data-row]')?.querySelector('th a')?.textContent ?? '';
    await user.keyboard('j');
    expect(at()).toBe('broken');
    await user.keyboard('jj');
    expect(at()).toBe('calm');
    await user.keyboard('k');
    expect(at()).toBe('quiet');
    await user.keyboard('kkk');
    expect(at()).toBe('broken');
  });
});
