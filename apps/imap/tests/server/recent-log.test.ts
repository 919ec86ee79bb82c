import { expect, test } from 'vitest';
import { parseCursor } from '../../src/admin/log-cursor.ts';
import { RECENT_LOG } from '../../src/limits.ts';
import { RecentLog } from '../../src/server/recent-log.ts';

const line = (number: number, more = '') =>
  `${JSON.stringify({ level: 30, time: number, msg: `line ${number}${more}` })}\n`;
const messages = (log: RecentLog, after?: string) =>
  log.after(after === undefined ? undefined : parseCursor(after)).lines.map(({ msg }) => msg);

test('each line is read once, from where the last answer ended', () => {
  const log = new RecentLog('info');
  const before = log.after(undefined);
  expect(before).toMatchObject({ lines: [], missed: 0, level: 'info' });
  log.add(line(1));
  log.add(line(2));
  expect(messages(log)).toEqual(['line 1', 'line 2']);
  expect(messages(log, before.next)).toEqual(['line 1', 'line 2']);
  const { next } = log.after(undefined);
  expect(log.after(parseCursor(next))).toMatchObject({ lines: [], next, missed: 0 });
  log.add(line(3));
  expect(messages(log, next)).toEqual(['line 3']);
});

test('a place in the log of a process before it is none in this one', () => {
  const [before, log] = [new RecentLog('info'), new RecentLog('info')];
  for (const number of [1, 2, 3]) before.add(line(number));
  log.add(line(1));
  expect(messages(log, before.after(undefined).next)).toEqual(['line 1']);
});

test('what has gone is counted for whoever had not read it', () => {
  const log = new RecentLog('info');
  log.add(line(1));
  const { next } = log.after(undefined);
  const count = RECENT_LOG.lines * 2 + 7;
  for (let number = 2; number <= count; number += 1) log.add(line(number));
  const page = log.after(parseCursor(next));
  expect(page.lines).toHaveLength(RECENT_LOG.lines);
  expect(page.lines.at(-1)?.msg).toBe(`line ${count}`);
  expect(page.missed).toBe(count - 1 - RECENT_LOG.lines);
  expect(log.after(undefined)).toMatchObject({ missed: 0 });
});

test('long lines make it hold fewer', () => {
  const log = new RecentLog('info');
  const long = 'x'.repeat(RECENT_LOG.characters / 4);
  for (let number = 1; number <= 9; number += 1) log.add(line(number, long));
  expect(messages(log).map((msg) => msg?.slice(0, 6))).toEqual(['line 7', 'line 8', 'line 9']);
});
