import { act, fireEvent, screen } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { EVENTS_PAGE } from '../../src/lib/api/limits.ts';
import { event } from '../support/events.ts';
import { searchPage } from '../support/search-page.tsx';

const site = searchPage();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] });
  vi.setSystemTime('2026-03-21T23:00:00Z');
});

/** Lets the clock run, and everything that it sets off. */
const pass = (ms: number): Promise<void> => act(async () => void (await vi.advanceTimersByTimeAsync(ms)));
const names = (): string[] => [...document.querySelectorAll('tbody tr')].map((row) => row.textContent ?? '');
const counted = (prefix: string): number => site.page.api.count(prefix);
const at = (clock: string) => ({ time: `2026-03-21T${clock}.000000Z` });
const waiting = () => screen.queryByRole('button', { name: /newer event/ });

async function open(address = '/explore?range=1h'): Promise<void> {
  site.search.events = [event('first', at('22:59:50')), event('second', at('22:50:00'))];
  site.page.open(address);
  await pass(50);
}

/** As if the page were scrolled so that the list begins above the window. */
async function readOn(isBelow: boolean): Promise<void> {
  vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockReturnValue(new DOMRect(0, isBelow ? -400 : 10, 0, 0));
  fireEvent.scroll(document);
  await pass(0);
}

const arrive = (...events: ReturnType<typeof event>[]): void => {
  site.search.events = [...events, ...site.search.events];
};

describe('what comes while a result is looked at', () => {
  it('is let in where nobody reads, each event once and in its place, and the histogram goes with it', async () => {
    await open();
    const drawn = document.querySelector('tbody tr');
    arrive(event('new', at('22:59:59')));
    // It came late: its place is below the first.
    site.search.events = site.search.events.toSpliced(2, 0, event('late', at('22:59:40')));
    await pass(6_000);
    expect(names().map((row) => /new|first|late|second/.exec(row)?.[0])).toEqual(['new', 'first', 'late', 'second']);
    expect(document.querySelectorAll('tbody tr')[1]).toBe(drawn);
    expect(waiting()).toBeNull();
    expect(counted('GET /api/events/histogram')).toBe(2);
    expect(counted('GET /api/events?from=now-')).toBe(1);
    await pass(6_000);
    expect(names()).toHaveLength(4);
  });

  it('waits above what is read, says how much it is, and comes when it is asked for', async () => {
    await open();
    await readOn(true);
    arrive(event('new', at('22:59:58')));
    await pass(6_000);
    arrive(event('newer', at('22:59:59')));
    await pass(6_000);
    expect(names()).toHaveLength(2);
    const button = waiting();
    expect(button?.textContent).toBe('2 newer events');
    const scrolled = vi.spyOn(window, 'scrollTo').mockImplementation(() => {});
    fireEvent.click(button ?? document.body);
    await pass(0);
    expect(names()).toHaveLength(4);
    expect(scrolled).toHaveBeenCalledWith({ top: 0 });
    expect(waiting()).toBeNull();
  });

  it('comes by itself when whoever read is back at the top', async () => {
    await open();
    await readOn(true);
    arrive(event('new', at('22:59:58')));
    await pass(6_000);
    expect(waiting()?.textContent).toBe('1 newer event');
    await readOn(false);
    await pass(50);
    expect(names()).toHaveLength(3);
    expect(waiting()).toBeNull();
  });

  it('makes the list begin anew where it is more than one page', async () => {
    await open();
    await readOn(true);
    site.search.pageSize = EVENTS_PAGE;
    arrive(...Array.from({ length: EVENTS_PAGE + 1 }, (_, index) => event(`e${index}`, at('22:59:59'))));
    await pass(6_000);
    expect(waiting()?.textContent).toBe(`${EVENTS_PAGE} or more newer events`);
    fireEvent.click(waiting() ?? document.body);
    await pass(50);
    expect(counted('GET /api/events?from=now-')).toBe(2);
  });

  it('is looked for less often where that costs much', async () => {
    site.search.scanned = 1_000_000;
    await open();
    await pass(6_000);
    const after = counted('GET /api/events');
    await pass(40_000);
    expect(counted('GET /api/events')).toBe(after);
    expect(counted('GET /api/events/histogram')).toBe(1);
    await pass(10_000);
    expect(counted('GET /api/events/histogram')).toBe(2);
  });

  it('is not looked for in a hidden tab, in a time that is over, or where the oldest come first', async () => {
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    await open();
    await pass(20_000);
    expect(counted('GET /api/events?')).toBe(1);
    vi.restoreAllMocks();
  });

  it.each([
    '/explore?from=2026-03-21T20:00:00Z&to=2026-03-21T22:00:00Z',
    '/explore?range=1h&order=oldest',
  ])('is not looked for at %s', async (address) => {
    await open(address);
    await pass(20_000);
    expect(counted('GET /api/events?')).toBe(1);
  });
});
