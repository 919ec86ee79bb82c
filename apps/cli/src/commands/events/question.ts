import { parseQuery } from '@scorpiox/shared/query-language';
import { InvalidArgumentError } from 'commander';
import { CommandFailed } from '../../command.ts';
import type { Failure } from '../../ops/failure.ts';
import { visibleLine } from '../../output/visible.ts';

/** The words of a query as one text. Throws `CommandFailed` that points at what is wrong with it. */
export function readQuery(words: readonly string[]): string {
  const text = words.join(' ');
  const parsed = parseQuery(text);
  if (parsed.ok) return text;
  const { message, column } = parsed.error;
  throw new CommandFailed(pointedAt({ kind: 'usage', message, at: { field: 'q', column } }, text));
}

/** A failure that speaks of the query, with the query below it and a caret where it is meant. */
export function pointedAt(failure: Failure, query: string): Failure {
  if (failure.at?.field !== 'q') return failure;
  const { text, at } = around(query, failure.at.column - 1);
  return { ...failure, message: `${failure.message}\n\n  ${text}\n  ${' '.repeat(at)}^` };
}

/** Characters that are shown on each side of the place. */
const SIDE = 60;

/** The part of a query around a place in it, on one line, and where the place is in that. */
function around(query: string, place: number): { readonly text: string; readonly at: number } {
  const start = place > SIDE ? place - SIDE : 0;
  const before = `${start > 0 ? '…' : ''}${visibleLine(query.slice(start, place))}`;
  const after = `${visibleLine(query.slice(place, place + SIDE))}${query.length > place + SIDE ? '…' : ''}`;
  return { text: before + after, at: before.length };
}

/** A moment as the API takes it, of `15m`, `now-15m`, or ISO 8601. */
export function parseMoment(text: string): string {
  if (/^\d{1,9}[smhd]$/.test(text)) return `now-${text}`;
  if (/^(?:now(?:-\d{1,9}[smhd])?|\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2})?)?)$/.test(text)) return text;
  throw new InvalidArgumentError('It must be a time, as 15m, 1h, 2d (ago), or 2026-11-28T12:00Z.');
}
