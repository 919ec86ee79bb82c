import type { EventRecord } from '@scorpiox/shared/contract';
import { printEventAddress } from '../../lib/event-address.ts';
import type { EventItem } from '../events/row-link.tsx';
import type { Entry } from './live-tail.ts';
import { MissingNote } from './missing-note.tsx';

type Items = (entries: readonly Entry<EventRecord>[]) => EventItem[];

/** Entries as rows. Those that were there before are the same objects, so that they are not drawn anew. */
export function itemsMaker(q: string): Items {
  const made = new WeakMap<object, EventItem>();
  const make = (entry: Entry<EventRecord>): EventItem =>
    entry.event === null
      ? { key: `${entry.number}`, address: null, event: null, note: <MissingNote mark={entry.mark} q={q} /> }
      : { key: `${entry.number}`, address: printEventAddress(entry.event), event: entry.event, note: null };
  return (entries) =>
    entries.map((entry) => {
      const item = made.get(entry) ?? make(entry);
      made.set(entry, item);
      return item;
    });
}
