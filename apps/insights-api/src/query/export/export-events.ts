import type { EventRecord } from '@scorpiox/shared/contract';
import { StoreUnavailable } from '../../store/port.ts';
import type { StoredEvent } from '../../store/raw/raw-port.ts';
import { type RawTools, toWalk } from '../raw/answers.ts';
import type { Asked } from '../raw/asked.ts';
import { isoMicros, toRecord } from '../raw/event-record.ts';
import { EXPORT_BUDGET, EXPORT_EVENTS, EXPORT_PAGE } from '../raw/limits.ts';
import { NobodyWaits } from '../raw/nobody-waits.ts';
import { search } from '../raw/search.ts';
import type { WalkEnd } from '../raw/walk.ts';
import { CSV_HEADER, toCell, toCsvLine } from './csv.ts';

/** How events are written, and how it is said that not all are there. */
interface Format {
  readonly head: string;
  readonly line: (event: EventRecord) => string;
  readonly cut: (sentence: string) => string;
}

export const FORMATS: { readonly [F in 'csv' | 'ndjson']: Format } = {
  csv: { head: CSV_HEADER, line: toCsvLine, cut: (sentence) => `${toCell(`# ${sentence}`)}\r\n` },
  ndjson: {
    head: '',
    line: (event) => `${JSON.stringify(event)}\n`,
    cut: (sentence) => `${JSON.stringify({ cut: sentence })}\n`,
  },
};

/**
 * All events that match, newest first, as texts of a page each: the next page is read when the one before is taken, so
 * that a reader that is slow costs no memory. What ends before its end says so in its last line.
 */
export async function* exportEvents(
  tools: RawTools,
  asked: Asked,
  { head, line, cut }: Format,
  most = EXPORT_EVENTS,
): AsyncGenerator<string, void> {
  const found = search(tools.raw, toWalk(asked, tools, EXPORT_BUDGET), { most: EXPORT_PAGE, whole: true });
  if (head !== '') yield head;
  let written = 0;
  let last: StoredEvent | undefined;
  try {
    for (;;) {
      const next = await found.next();
      if (next.done) {
        if (next.value.spent !== undefined) yield cut(sentenceOf(next.value.spent));
        return;
      }
      const events = next.value.events.slice(0, most - written);
      written += events.length;
      last = events.at(-1);
      yield events.map((event) => line(toRecord(event, asked.names))).join('');
      if (written === most) return yield cut(`cut after ${most} events; older ones than the last are missing`);
    }
  } catch (error) {
    if (error instanceof NobodyWaits) return;
    if (!(error instanceof StoreUnavailable)) throw error;
    const where = last === undefined ? '' : `; older ones than ${isoMicros(last.time)} are missing`;
    yield cut(`cut because the database did not answer${where}`);
  }
}

const sentenceOf = ({ reason, horizon }: NonNullable<WalkEnd['spent']>): string =>
  `cut because it ${reason === 'time' ? 'took too long' : 'read too many rows'}; events older than ${isoMicros(horizon.time)} are missing`;
