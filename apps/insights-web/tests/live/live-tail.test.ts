// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { type LiveHandlers, LiveTail } from '../../src/features/live/live-tail.ts';

/** A tail whose connections and clock the test holds. */
function tailOf(limit = 5) {
  const timers = new Set<{ readonly at: number; readonly action: () => void }>();
  const connections: { handlers: LiveHandlers<string>; closed: boolean }[] = [];
  let now = 0;
  let news = 0;
  const tail = new LiveTail<string>({
    limit,
    paceMs: 100,
    retryMs: [1000, 5000],
    now: () => now,
    after: (ms, action) => {
      const timer = { at: now + ms, action };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    connect: (handlers) => {
      const connection = { handlers, closed: false };
      connections.push(connection);
      return () => {
        connection.closed = true;
      };
    },
  });
  tail.subscribe(() => {
    news += 1;
  });
  const pass = (ms: number): void => {
    const end = now + ms;
    for (;;) {
      const due = [...timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      timers.delete(due);
      now = due.at;
      due.action();
    }
    now = end;
  };
  const handlers = (): LiveHandlers<string> => {
    const last = connections.at(-1);
    if (last === undefined) throw new Error('nothing was connected');
    return last.handlers;
  };
  const shown = (): string[] =>
    tail.view().entries.map(({ event, mark }) => event ?? `${mark?.reason} ${mark?.from}-${mark?.to} ${mark?.missed}`);
  return { tail, connections, handlers, pass, shown, news: () => news, timers };
}

const gone = { final: false, error: null, problem: null };

describe('the live tail', () => {
  it('keeps the newest and says how many made room', () => {
    const { tail, handlers, pass, shown } = tailOf(3);
    tail.start();
    handlers().opened();
    handlers().events(['a', 'b', 'c', 'd', 'e']);
    pass(100);
    expect(shown()).toEqual(['e', 'd', 'c']);
    expect([tail.view().received, tail.view().dropped]).toEqual([5, 2]);
  });

  it('tells of a thousand arrivals once, and the view before that does not change under the page', () => {
    const { tail, handlers, pass, news } = tailOf(2000);
    tail.start();
    handlers().opened();
    const before = tail.view();
    const told = news();
    for (let at = 0; at < 1000; at += 1) handlers().events([`e${at}`]);
    expect([tail.view(), before.entries.length, news()]).toEqual([before, 0, told]);
    pass(100);
    expect([tail.view().entries.length, news()]).toEqual([1000, told + 1]);
  });

  it('holds back while paused, and lets in what it held, in order', () => {
    const { tail, handlers, pass, shown } = tailOf(4);
    tail.start();
    handlers().opened();
    handlers().events(['a']);
    tail.pause(true);
    handlers().events(['b', 'c']);
    pass(100);
    expect([shown(), tail.view().held]).toEqual([['a'], 2]);
    tail.pause(false);
    expect([shown(), tail.view().held]).toEqual([['c', 'b', 'a'], 0]);
  });

  it('counts what a long pause could not hold among what made room', () => {
    const { tail, handlers, shown } = tailOf(3);
    tail.start();
    handlers().opened();
    handlers().events(['a']);
    tail.pause(true);
    handlers().events(['b', 'c', 'd', 'e', 'f']);
    tail.pause(false);
    expect(shown()).toEqual(['f', 'e', 'd']);
    expect(tail.view().dropped).toBe(3);
    tail.clear();
    expect([shown(), tail.view().dropped]).toEqual([[], 0]);
  });

  it('opens a lost connection again, each time later, and marks what it did not see', () => {
    const { tail, connections, handlers, pass, shown } = tailOf();
    tail.start();
    handlers().opened();
    handlers().events(['a']);
    pass(500);
    handlers().ended({ ...gone, problem: 'The API is stopping.' });
    expect(tail.view().connection).toEqual({
      kind: 'lost',
      since: 500,
      retryAt: 1500,
      problem: 'The API is stopping.',
    });
    pass(1000);
    expect([connections.length, tail.view().connection.kind]).toEqual([2, 'connecting']);
    handlers().ended(gone);
    pass(4999);
    expect(connections).toHaveLength(2);
    pass(1);
    handlers().opened();
    handlers().events(['b']);
    pass(100);
    expect(shown()).toEqual(['b', 'lost 500-6500 null', 'a']);
    expect(tail.view().connection.kind).toBe('live');
  });

  it('leaves no mark for what it never began to see', () => {
    const { tail, handlers, pass, shown } = tailOf();
    tail.start();
    handlers().ended(gone);
    pass(1000);
    handlers().opened();
    expect(shown()).toEqual([]);
  });

  it('has no connection in a hidden tab, and marks the time it was hidden', () => {
    const { tail, connections, handlers, pass, shown, timers } = tailOf();
    tail.start();
    handlers().opened();
    pass(200);
    tail.hide(true);
    expect([connections[0]?.closed, tail.view().connection.kind]).toEqual([true, 'hidden']);
    pass(60_000);
    expect([connections.length, timers.size]).toEqual([1, 0]);
    tail.hide(false);
    handlers().opened();
    expect(shown()).toEqual(['hidden 200-60200 null']);
  });

  it('does not try again while hidden, also where the connection was lost before', () => {
    const { tail, connections, handlers, pass, shown } = tailOf();
    tail.start();
    handlers().opened();
    pass(10);
    handlers().ended(gone);
    tail.hide(true);
    pass(60_000);
    expect(connections).toHaveLength(1);
    tail.hide(false);
    handlers().opened();
    expect(shown()).toEqual(['lost 10-60010 null']);
  });

  it('stays away where the server says no, until it is asked to try', () => {
    const { tail, connections, handlers, pass } = tailOf();
    tail.start();
    const error = new Error('no');
    handlers().ended({ ...gone, final: true, error });
    pass(60_000);
    tail.hide(true);
    tail.hide(false);
    expect(tail.view().connection).toEqual({ kind: 'refused', error });
    expect(connections).toHaveLength(1);
    tail.retry();
    expect(connections).toHaveLength(2);
  });

  it('adds up what the server skips in a row', () => {
    const { tail, handlers, pass, shown } = tailOf();
    tail.start();
    handlers().opened();
    handlers().skipped(7);
    pass(20);
    handlers().skipped(3);
    handlers().events(['a']);
    handlers().skipped(1);
    pass(100);
    expect(shown()).toEqual(['skipped 20-20 1', 'a', 'skipped 0-20 10']);
  });

  it('leaves nothing behind when it stops', () => {
    const { tail, connections, handlers, timers } = tailOf();
    tail.start();
    handlers().opened();
    handlers().events(['a']);
    tail.stop();
    expect([connections[0]?.closed, timers.size]).toEqual([true, 0]);
    tail.start();
    handlers().ended(gone);
    tail.stop();
    expect(timers.size).toBe(0);
  });
});
