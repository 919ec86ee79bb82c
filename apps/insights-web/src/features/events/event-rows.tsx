import { useRef } from 'react';
import { useMediaQuery } from '../../lib/use-media-query.ts';
import { EventCards } from './event-cards.tsx';
import { EventTable } from './event-table.tsx';
import type { EventRowsProps } from './row-link.tsx';

/** From this width on events stand in columns. */
const WIDE = '(min-width: 48rem)';

/** Events, one below the other; of however many only those near the screen are in the document. */
export function EventRows(props: EventRowsProps) {
  const list = useRef<HTMLElement | null>(null);
  const wide = useMediaQuery(WIDE);
  return wide ? <EventTable {...props} list={list} /> : <EventCards {...props} list={list} />;
}
