/** A trace's lines on a terminal: who said what stands out. Pure. */
import type { Paint, Style } from '../../../output/style.ts';
import { visible } from '../../../output/visible.ts';

/** What a trace says of itself has neither a session nor a kind. */
const LINE = /^(?:\S+T(\S{15})Z) (\S+) (?:([CSF-]) )?(.*)$/;

const STYLES: Readonly<Record<string, Style>> = { C: 'cyan', S: 'green', F: 'yellow', '-': 'dim' };

/** As `imap sessions` shows ids; the time is UTC, as in the file. */
export function traceLineForPeople(line: string, paint: Paint): string {
  const [, time, who = '', kind = '-', text = ''] = LINE.exec(line) ?? [];
  if (time === undefined) return `${visible(line)}\n`;
  return `${paint('dim', `${time} ${who.slice(0, 8).padEnd(8)}`)} ${paint(STYLES[kind] ?? 'dim', `${kind} ${visible(text)}`)}\n`;
}
