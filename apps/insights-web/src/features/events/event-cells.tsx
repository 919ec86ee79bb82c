import type { EventRecord } from '@scorpiox/shared/contract';
import { KIND_NAMES } from '../../lib/event-words.ts';
import { formatExactMs } from '../../lib/format-moment.ts';
import type { EventColumn } from './columns.ts';
import { type Tone, toneOf } from './tone.ts';

const MARKS: Record<Exclude<Tone, 'plain'>, { said: string; colour: string; path: string }> = {
  fail: { said: 'Failure', colour: 'text-fail', path: 'M5 1 9.5 9h-9Z' },
  warn: { said: 'Warning', colour: 'text-silent', path: 'M5 .8 9.2 5 5 9.2.8 5Z' },
};

/** Failures and warnings as shape, colour and (for those who do not see them) word; the room of one for all others. */
export function ToneMark({ tone }: { readonly tone: Tone }) {
  if (tone === 'plain') return <span className="inline-block size-2.5 shrink-0" />;
  const { said, colour, path } = MARKS[tone];
  return (
    <span className={`inline-flex shrink-0 ${colour}`} title={said}>
      <svg aria-hidden="true" viewBox="0 0 10 10" className="size-2.5">
        <path d={path} fill="currentColor" />
      </svg>
      <span className="sr-only">{said}</span>
    </span>
  );
}

const TONES: Record<Tone, string> = { fail: 'text-fail', warn: 'text-silent', plain: '' };

/** The name, and behind it what an event says beyond it. Of a log what it says is enough: all bear the same name. */
export function NameAndMessage({ event }: { readonly event: EventRecord }) {
  if (event.kind === 'trace' && event.message !== undefined) return <>{event.message}</>;
  return (
    <>
      <span className="font-medium">{event.name}</span>
      {event.message !== undefined && <span className="ml-2 text-soft">{event.message}</span>}
      {event.kind === 'metric' && event.value !== undefined && (
        <span className="ml-2 text-soft">
          {event.value} {event.unit}
        </span>
      )}
    </>
  );
}

/** What stands in a column's cell. */
export function EventCell({ column, event }: { readonly column: EventColumn; readonly event: EventRecord }) {
  if (column.id === 'name') return <NameAndMessage event={event} />;
  const text = column.text(event);
  const standsOut = column.id === 'status' || column.id === 'severity' || column.id === 'success';
  return <span className={standsOut ? TONES[toneOf(event)] : ''}>{text}</span>;
}

/** When it happened, to the millisecond; the day is less loud than the hour. */
export function EventTime({ event }: { readonly event: EventRecord }) {
  const [day, clock] = formatExactMs(event.time);
  return (
    <>
      <span className="text-muted">{day}</span> {clock}
    </>
  );
}

/** The kind in a few letters' room. */
export const KindName = ({ kind }: Pick<EventRecord, 'kind'>) => <span className="text-muted">{KIND_NAMES[kind]}</span>;
