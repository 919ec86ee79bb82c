/** A line of the log as people and as programs read it. Pure. */
import type { LogLine } from '@scorpiox/shared/imap-admin';
import { detailsOf, LOG_LEVELS, levelName, textIn } from '../../ops/imap/log-filter.ts';
import type { Paint } from '../../output/style.ts';
import { tsvLine } from '../../output/tsv.ts';
import { visible } from '../../output/visible.ts';

/** `22:31:07.123 warn  slow command  command=FETCH …`, in this machine's time. */
export function logLineForPeople(line: LogLine, paint: Paint): string {
  const time = timeOfDay(new Date(line.time));
  const level = levelName(line.level).padEnd(5);
  const style = line.level >= LOG_LEVELS.error ? 'red' : line.level >= LOG_LEVELS.warn ? 'yellow' : 'dim';
  const details = detailsOf(line).map(([name, value]) => `${name}=${shown(name, value)}`);
  const text = [line.msg ?? '', ...details].map((part) => visible(part).replaceAll('\n', ' '));
  return `${paint('dim', time)} ${paint(style, level)} ${text[0]}  ${text.slice(1).join(' ')}`.trimEnd().concat('\n');
}

function timeOfDay(date: Date): string {
  return `${date.toTimeString().slice(0, 8)}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** Ids as `imap sessions` shows them; texts without quotes where that is clear. */
function shown(name: string, value: unknown): string {
  if (name === 'session' && typeof value === 'string') return value.slice(0, 8);
  return typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
}

/** Time, level, message, session, user, and the rest as JSON. */
export function logLineForPrograms(line: LogLine): string {
  const rest = Object.fromEntries(detailsOf(line).filter(([name]) => name !== 'session' && name !== 'user'));
  const time = new Date(line.time).toISOString();
  const [session, user] = [textIn(line, 'session') ?? null, textIn(line, 'user') ?? null];
  return tsvLine([time, levelName(line.level), line.msg ?? null, session, user, JSON.stringify(rest)]);
}
