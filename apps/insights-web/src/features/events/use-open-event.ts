import type { EventRecord } from '@scorpiox/shared/contract';
import { useRouterState } from '@tanstack/react-router';
import { useCallback, useLayoutEffect, useMemo, useRef } from 'react';
import { type EventAddress, parseEventAddress, printEventAddress } from '../../lib/event-address.ts';

/** The address of this page with another event open. */
const withEvent = (pathname: string, query: string, event: EventRecord): string => {
  const params = new URLSearchParams(query);
  params.set('event', printEventAddress(event));
  return `${pathname}?${params}`;
};

interface OpenEvent {
  /** The event that is open; null where there is none, or the address's is nonsense. */
  readonly address: EventAddress | null;
  readonly href: (event: EventRecord) => string;
  readonly open: (event: EventRecord, enter: boolean) => void;
  /** Closes it, and gives its row the focus again. */
  readonly close: () => void;
}

/** The event that the address names, and how to open another. `set` puts it into the address. */
export function useOpenEvent(event: string | null, set: (event: string | null) => void): OpenEvent {
  const { pathname, searchStr } = useRouterState({ select: ({ location }) => location });
  const address = useMemo(() => parseEventAddress(event ?? undefined), [event]);
  const href = useCallback((one: EventRecord) => withEvent(pathname, searchStr, one), [pathname, searchStr]);
  const newestSet = useRef(set);
  useLayoutEffect(() => {
    newestSet.current = set;
  });
  // The same function for as long as the page is there, so that rows need not be drawn anew.
  const open = useCallback((one: EventRecord, enter: boolean) => {
    if (enter) document.querySelector<HTMLElement>('#event')?.focus();
    else newestSet.current(printEventAddress(one));
  }, []);
  const close = (): void => {
    document.querySelector<HTMLElement>('#main [data-row] [aria-current]')?.focus();
    set(null);
  };
  return { address, href, open, close };
}
