import type { EventRecord } from '@scorpiox/shared/contract';
import type { MouseEvent, ReactNode } from 'react';
import type { EventColumn } from './columns.ts';
import { EventTime } from './event-cells.tsx';

/** A place of the list: an event, or a sentence about what is missing there. */
export type EventItem = {
  /** The same for no two places of a list. */
  readonly key: string;
} & (
  | { readonly event: EventRecord; readonly address: string; readonly note: null }
  | { readonly event: null; readonly address: null; readonly note: ReactNode }
);

export interface EventRowsProps {
  /** The list's name, for those who do not see it. */
  readonly label: string;
  readonly columns: readonly EventColumn[];
  readonly items: readonly EventItem[];
  /** Whether more follow that are not here. */
  readonly more: boolean;
  /** The event that is open, as `printEventAddress` spells it. */
  readonly open: string | null;
  readonly href: (event: EventRecord) => string;
  /** Makes the event the open one; `enter` when it is already, so that the keyboard goes on in it. */
  readonly onOpen: (event: EventRecord, enter: boolean) => void;
  /** Called while the last of the rows is near the screen. */
  readonly onNearEnd?: () => void;
}

/** What a row of the list needs of it. */
export interface RowProps extends Pick<EventRowsProps, 'href' | 'onOpen'> {
  readonly item: EventItem;
  /** Place in the whole list, from 0. */
  readonly place: number;
  readonly isOpen: boolean;
  /** An event is open: the one whose row gets the focus takes its place. */
  readonly follows: boolean;
}

interface RowLinkProps extends Omit<RowProps, 'item' | 'place'> {
  readonly event: EventRecord;
  readonly className?: string;
}

const isPlain = (click: MouseEvent): boolean => !click.metaKey && !click.ctrlKey && !click.shiftKey && !click.altKey;

/** A row's link to its event. A click opens it here; with a key for a new tab or window it is a link like any other. */
export const RowLink = ({ event, isOpen, follows, href, onOpen, className = '' }: RowLinkProps) => (
  <a
    href={href(event)}
    aria-current={isOpen ? 'true' : undefined}
    onClick={(click) => {
      if (!isPlain(click)) return;
      click.preventDefault();
      click.stopPropagation();
      onOpen(event, isOpen);
    }}
    onFocus={() => {
      if (follows && !isOpen) onOpen(event, false);
    }}
    className={`-outline-offset-2 ${className}`}
  >
    <EventTime event={event} />
  </a>
);
