import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { app } from './support/answers.ts';
import { browserPage, setWide } from './support/page.tsx';

const page = browserPage();

const names = (): string[] =>
  screen.getAllByRole('rowheader').map((cell) => within(cell).getByRole('link').textContent ?? '');
const header = (name: RegExp): HTMLElement => screen.getByRole('columnheader', { name });
const rowOf = (name: string): HTMLElement => screen.getByRole('row', { name: new RegExp(name) });

describe('the list', () => {
  it('shows the worst first, with state, figures and what became of events', async () => {
    page.api.apps.push(app('lossy', { rejected: 12, duplicates: 7, requests: 3_456_789 }));
    page.open('/apps');
    await screen.findByRole('table');
    expect(names()).toEqual(['broken', 'quiet', 'calm', 'lossy', 'unheard']);
    expect(header(/State/).getAttribute('aria-sort')).toBe('descending');
    expect(rowOf('broken').textContent).toMatch(
      /Failing.*15% of its requests failed.*1\.4.*up by 12.*15%.*2 new40.*10 ms.*1\.23 s.*90 ms.*0\.95.*1 min ago.*3,000/,
    );
    expect(rowOf('quiet').textContent).toMatch(/Silent.*usually says something every minute/);
    expect(rowOf('unheard').textContent).toMatch(/Waiting.*never/);
    expect(rowOf('lossy').textContent).toMatch(/Healthy.*12 rejected.*2,401.*7$/);
    expect(within(rowOf('broken')).getByRole('img').getAttribute('aria-label')).toBe(
      'Requests per 30 min: at most 3, latest 3',
    );
    expect(within(rowOf('broken')).getByText('1 min ago').title).toMatch(/^2026-03-2\d \d\d:59:00 /);
    expect(document.title).toBe('(1) Applications · Scorpiox');
  });

  it('sorts by a header, turns the order round at the second click, and keeps it in the address', async () => {
    const user = userEvent.setup();
    page.open('/apps');
    await screen.findByRole('table');
    await user.click(within(header(/p95/)).getByRole('button'));
    await waitFor(() => expect(names()).toEqual(['broken', 'calm', 'quiet', 'unheard']));
    expect(page.address()).toBe('/apps?sort=-p95');
    expect(header(/p95/).getAttribute('aria-sort')).toBe('descending');
    expect(header(/State/).getAttribute('aria-sort')).toBe('none');
    await user.click(within(header(/p95/)).getByRole('button'));
    await waitFor(() => expect(names()).toEqual(['quiet', 'calm', 'broken', 'unheard']));
    expect(page.address()).toBe('/apps?sort=p95');
  });

  it('opens with the range, order and filter of the address', async () => {
    page.open('/apps?range=7d&sort=name&filter=R');
    await screen.findByRole('table');
    expect(page.api.calls).toContain('GET /api/apps?from=now-7d&to=now');
    expect(page.api.count('GET /api/apps')).toBe(1);
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'Last 7 days' }).checked).toBe(true);
    expect(screen.getByRole<HTMLInputElement>('searchbox').value).toBe('R');
    expect(names()).toEqual(['broken', 'unheard']);
  });

  it('takes no nonsense from the address, and drops it with the next change', async () => {
    const user = userEvent.setup();
    page.open('/apps?range=5y&sort=-password&filter=&x=1');
    await screen.findByRole('table');
    expect(names()[0]).toBe('broken');
    expect(page.api.calls).toContain('GET /api/apps?from=now-24h&to=now');
    await user.click(within(header(/p95/)).getByRole('button'));
    await waitFor(() => expect(page.address()).toBe('/apps?sort=-p95'));
  });

  it('becomes cards with a choice of the order on a narrow screen', async () => {
    const user = userEvent.setup();
    setWide(false);
    page.open('/apps');
    const cards = await screen.findByRole('list', { name: 'Applications' });
    expect(screen.queryByRole('table')).toBeNull();
    expect(within(cards).getAllByRole('link')[0]?.textContent).toBe('broken');
    await user.selectOptions(screen.getByRole('combobox'), 'Req/min');
    await user.click(screen.getByRole('button', { name: /Order: descending/ }));
    await waitFor(() => expect(within(cards).getAllByRole('link')[0]?.textContent).toBe('unheard'));
    expect(page.address()).toBe('/apps?sort=requests');
  });
});

describe('the keyboard', () => {
  it('reaches filter, range, refresh and help', async () => {
    const user = userEvent.setup();
    page.open('/apps');
    await screen.findByRole('table');
    await user.keyboard('/bro');
    await waitFor(() => expect(names()).toEqual(['broken']));
    expect(page.address()).toBe('/apps?filter=bro');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(names()).toHaveLength(4));
    expect(page.address()).toBe('/apps');
    await user.keyboard('t{ArrowLeft}');
    await waitFor(() => expect(page.address()).toBe('/apps?range=6h'));
    await waitFor(() => expect(page.api.count('GET /api/apps?from=now-6h')).toBe(1));
    await user.keyboard('r');
    await waitFor(() => expect(page.api.count('GET /api/apps?from=now-6h')).toBe(2));
    await user.keyboard('?');
    expect(screen.getByRole<HTMLDialogElement>('dialog', { name: 'Keyboard' }).open).toBe(true);
  });

  it('types letters into the filter instead of obeying them', async () => {
    const user = userEvent.setup();
    page.open('/apps');
    await screen.findByRole('table');
    const before = page.api.calls.length;
    await user.keyboard('/rt?');
    expect(screen.getByRole<HTMLInputElement>('searchbox').value).toBe('rt?');
    expect(page.api.calls).toHaveLength(before);
    await screen.findByRole('button', { name: 'Clear the filter' });
  });
});

describe('theme', () => {
  it('goes from the system’s to light, to dark and back, and is kept', async () => {
    const user = userEvent.setup();
    page.open('/apps');
    await user.click(await screen.findByRole('button', { name: /Theme: system/ }));
    expect(document.documentElement.dataset.theme).toBe('light');
    await user.click(screen.getByRole('button', { name: /Theme: light/ }));
    expect(document.documentElement.dataset.theme).toBe('dark');
    expect(localStorage.getItem('scorpiox.theme')).toBe('dark');
    await user.click(screen.getByRole('button', { name: /Theme: dark/ }));
    expect(document.documentElement.dataset.theme).toBeUndefined();
    expect(localStorage.getItem('scorpiox.theme')).toBeNull();
  });
});
