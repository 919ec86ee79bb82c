import type { EventRecord } from '@scorpiox/shared/contract';
import { Button } from '../../components/ui/button.tsx';
import { PauseIcon, PlayIcon } from '../../components/ui/icons.tsx';
import { formatCount } from '../../lib/format.ts';
import { ColumnMenu } from '../events/column-menu.tsx';
import { ConnectionState } from './connection-state.tsx';
import type { LiveTail, LiveView } from './live-tail.ts';
import type { Pause } from './use-pause.ts';

interface LiveBarProps {
  readonly tail: LiveTail<EventRecord>;
  readonly view: LiveView<EventRecord>;
  readonly pause: Pause;
  readonly columns: readonly string[];
  readonly onColumns: (columns: readonly string[]) => void;
  /** Events that are here. */
  readonly events: readonly EventRecord[];
}

/** How much came, and what of it is still here. */
const counts = ({ received, dropped }: LiveView<unknown>): string =>
  `${formatCount(received)} received${dropped > 0 ? `; the oldest ${formatCount(dropped)} made room` : ''}`;

/** How the tail stands and what can be done with it; stays in sight. */
export function LiveBar({ tail, view, pause, columns, onColumns, events }: LiveBarProps) {
  const { connection, paused, held, entries } = view;
  return (
    <div className="sticky top-0 z-10 -mx-1 mb-2 flex flex-wrap items-center gap-x-3 gap-y-2 bg-canvas px-1 py-1.5">
      <ConnectionState connection={connection} paused={paused} />
      <span className="text-[0.8125rem] text-muted">{counts(view)}</span>
      <span className="flex-1" />
      {held > 0 && (
        <Button look="primary" onClick={pause.goOn}>
          Show {formatCount(held)} new
        </Button>
      )}
      {connection.kind === 'lost' && <Button onClick={() => tail.retry()}>Try now</Button>}
      <span className="max-md:hidden">
        <ColumnMenu chosen={columns} onChange={onColumns} events={events} />
      </span>
      <Button onClick={() => tail.clear()} disabled={entries.length === 0}>
        Clear
      </Button>
      <Button
        aria-pressed={paused}
        aria-keyshortcuts="p"
        title={paused ? 'Go on (p)' : 'Pause (p)'}
        onClick={paused ? pause.goOn : pause.hold}
      >
        {paused ? <PlayIcon /> : <PauseIcon />}
        {paused ? 'Go on' : 'Pause'}
      </Button>
    </div>
  );
}
