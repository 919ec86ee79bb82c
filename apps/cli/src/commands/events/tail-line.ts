import type { EventRecord } from '@scorpiox/shared/contract';
import type { Column } from '../../ops/events/columns.ts';
import { visibleLine } from '../../output/visible.ts';

type Paint = (text: string) => string;

const sgr =
  (on: number, off: number): Paint =>
  (text) =>
    `\u001b[${on}m${text}\u001b[${off}m`;
const [DIM, RED, YELLOW, CYAN] = [sgr(2, 22), sgr(31, 39), sgr(33, 39), sgr(36, 39)];

/** An event as a line for people: what it does not say is left out, and its time is that of the day. */
export function tailLine(event: EventRecord, columns: readonly Column[], isColoured: boolean): string {
  const cells = columns.flatMap((column) => {
    const text = textOf(column, event);
    if (text === undefined) return [];
    return isColoured ? [paintFor(column.name, event)(text)] : [text];
  });
  return `${cells.join('  ')}\n`;
}

function textOf({ name, cell }: Column, event: EventRecord): string | undefined {
  const value = cell(event);
  if (value === null || value === '') return undefined;
  const text = visibleLine(String(value));
  if (name === 'time') return text.replace(/^.*T(\d\d:\d\d:\d\d(?:\.\d{3})?)\d*Z$/, '$1Z');
  return name === 'duration' ? `${text} ms` : text;
}

function paintFor(column: string, event: EventRecord): Paint {
  if (column === 'time') return DIM;
  if (column === 'app') return CYAN;
  if (isBad(event)) return RED;
  return event.severity === 'warning' ? YELLOW : (text) => text;
}

const isBad = ({ success, kind, severity }: EventRecord): boolean =>
  success === false || kind === 'exception' || severity === 'error' || severity === 'critical';
