import { Button } from '../../components/ui/button.tsx';
import { ArrowIcon } from '../../components/ui/icons.tsx';
import { formatCount } from '../../lib/format.ts';
import type { Newer } from './newer.ts';

const said = ({ events, overflows }: Newer): string =>
  `${formatCount(events.length)}${overflows ? ' or more' : ''} newer ${events.length === 1 ? 'event' : 'events'}`;

/** Newer events wait above what is read: how many, and the way to them. Takes no room, so that nothing moves. */
export function NewerBar({ newer, onShow }: { readonly newer: Newer; readonly onShow: () => void }) {
  const waits = newer.events.length > 0 || newer.overflows;
  return (
    <div
      role="status"
      className="pointer-events-none sticky top-2 z-20 -mb-8 flex h-8 justify-center pointer-coarse:-mb-10 pointer-coarse:h-10"
    >
      {waits && (
        <Button look="primary" className="pointer-events-auto px-4 shadow-lg" onClick={onShow}>
          <span className="rotate-180">
            <ArrowIcon descending />
          </span>
          {said(newer)}
        </Button>
      )}
    </div>
  );
}
