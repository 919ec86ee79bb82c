import type { EventRecord } from '@scorpiox/shared/contract';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { Empty, Failed } from '../../components/states/states.tsx';
import { sessionQuery } from '../../lib/api/get-session.ts';
import { isSignedOut } from '../../lib/http.ts';
import { columnOf } from '../events/columns.ts';
import { EventRows } from '../events/event-rows.tsx';
import { itemsMaker } from './items.tsx';
import { LiveBar } from './live-bar.tsx';
import type { Connection } from './live-tail.ts';
import { OthersNote } from './others-note.tsx';
import { useLiveTail } from './use-live-tail.ts';
import { usePause } from './use-pause.ts';

/** Leads to the sign-in, and back, when the session is over: whoever asks who is signed in is led there. */
function useSignedOut(connection: Connection): boolean {
  const queryClient = useQueryClient();
  const signedOut = connection.kind === 'refused' && isSignedOut(connection.error);
  useEffect(() => {
    if (signedOut) void queryClient.invalidateQueries(sessionQuery());
  }, [signedOut, queryClient]);
  return signedOut;
}

/** Nothing has come yet. */
const Waiting = ({ q, isLive }: { readonly q: string; readonly isLive: boolean }) => (
  <Empty title={isLive ? 'Waiting for events.' : 'Connecting.'}>
    {q === ''
      ? 'What any application sends appears here within a second.'
      : 'What any application sends and the filter matches appears here within a second.'}
  </Empty>
);

interface LiveListProps {
  readonly q: string;
  readonly columns: readonly string[];
  readonly onColumns: (columns: readonly string[]) => void;
  /** The event that is open, as `printEventAddress` spells it. */
  readonly open: string | null;
  readonly href: (event: EventRecord) => string;
  readonly onOpen: (event: EventRecord, enter: boolean) => void;
  /** The event that is open, beside the list; given those that are here. */
  readonly panel: (events: readonly EventRecord[]) => ReactNode;
}

/** The tail of one query: its state, its controls, what arrives. */
export function LiveList({ q, columns: ids, onColumns, open, href, onOpen, panel }: LiveListProps) {
  const { tail, view } = useLiveTail(q);
  const { connection, entries } = view;
  const top = useRef<HTMLDivElement>(null);
  const pause = usePause(tail, top);
  const signedOut = useSignedOut(connection);
  const [toItems] = useState(() => itemsMaker(q));
  const items = useMemo(() => toItems(entries), [toItems, entries]);
  const events = useMemo(() => entries.flatMap(({ event }) => event ?? []), [entries]);
  const columns = useMemo(() => ids.flatMap((id) => columnOf(id) ?? []), [ids]);
  const refused = connection.kind === 'refused';
  return (
    <>
      <OthersNote others={view.others} q={q} />
      <div ref={top} />
      <LiveBar tail={tail} view={view} pause={pause} columns={ids} onColumns={onColumns} events={events} />
      <div className="flex items-start gap-4">
        <div className="min-w-0 flex-1">
          {refused && !signedOut && (
            <Failed what="the live tail" error={connection.error} every={false} onRetry={() => tail.retry()} />
          )}
          {!refused && items.length === 0 && <Waiting q={q} isLive={connection.kind === 'live'} />}
          {items.length > 0 && (
            <EventRows
              label="Events as they arrive, newest first"
              columns={columns}
              items={items}
              more={false}
              open={open}
              href={href}
              onOpen={onOpen}
            />
          )}
        </div>
        {panel(events)}
      </div>
    </>
  );
}
