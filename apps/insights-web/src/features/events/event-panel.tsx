import type { EventRecord } from '@scorpiox/shared/contract';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { Answer } from '../../components/states/answer.tsx';
import { Loading } from '../../components/states/states.tsx';
import { Button } from '../../components/ui/button.tsx';
import { CloseIcon } from '../../components/ui/icons.tsx';
import { useEvent } from '../../lib/api/get-event.ts';
import type { EventAddress } from '../../lib/event-address.ts';
import { useShortcut } from '../../lib/keyboard.ts';
import { useMediaQuery } from '../../lib/use-media-query.ts';
import type { ValueActions } from './detail-list.tsx';
import { EventDetails } from './event-details.tsx';

/** From this width on an event stands beside the list. */
const BESIDE = '(min-width: 72rem)';

interface FrameProps {
  readonly onClose: () => void;
  readonly children: ReactNode;
}

const Head = ({ id, onClose }: { readonly id: string; readonly onClose: () => void }) => (
  <div className="mb-3 flex items-center justify-between">
    <h2 id={id} className="font-semibold">
      Event
    </h2>
    <Button look="quiet" className="w-8 px-0" aria-label="Close the event" title="Close (Esc)" onClick={onClose}>
      <CloseIcon />
    </Button>
  </div>
);

/** Beside the list, which stays usable. */
function Beside({ onClose, children }: FrameProps) {
  const id = useId();
  useShortcut('Escape', onClose);
  return (
    <aside
      id="event"
      tabIndex={-1}
      aria-labelledby={id}
      className="sticky top-4 max-h-[calc(100dvh-2rem)] w-96 shrink-0 2xl:w-104 overflow-y-auto rounded-lg border border-line bg-surface p-4 text-[0.8125rem]"
    >
      <Head id={id} onClose={onClose} />
      {children}
    </aside>
  );
}

/** Over the page, where there is no room beside. */
function Over({ onClose, children }: FrameProps) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (dialog.current?.open === false) dialog.current.showModal();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onClose={onClose}
      className="fixed inset-y-0 right-0 left-auto m-0 h-dvh max-h-none w-full max-w-xl overflow-y-auto border-l border-line bg-surface p-4 text-[0.8125rem] text-ink backdrop:bg-black/40"
    >
      <Head id={id} onClose={() => dialog.current?.close()} />
      {children}
    </dialog>
  );
}

interface EventPanelProps extends ValueActions {
  readonly address: EventAddress;
  /** What a list has of it already, shown until it is here in full. */
  readonly known: EventRecord | undefined;
  readonly onClose: () => void;
}

/** One event in full, beside the list or over it. */
export function EventPanel({ address, known, onClose, onTerm }: EventPanelProps) {
  const query = useEvent(address);
  const beside = useMediaQuery(BESIDE);
  const Frame = beside ? Beside : Over;
  const loading = known === undefined ? <Loading what="the event" /> : <EventDetails event={known} onTerm={onTerm} />;
  return (
    <Frame onClose={onClose}>
      <Answer query={query} what="the event" every={false} loading={loading}>
        {({ event }) => <EventDetails event={event} onTerm={onTerm} />}
      </Answer>
    </Frame>
  );
}
