import { formatClock } from '../../lib/format.ts';
import type { Connection } from './live-tail.ts';

interface Look {
  readonly said: string;
  readonly colour: string;
  readonly filled: boolean;
}

function lookOf(connection: Connection, paused: boolean): Look {
  switch (connection.kind) {
    case 'connecting':
      return { said: 'Connecting', colour: 'text-muted', filled: false };
    case 'live':
      return paused
        ? { said: 'Paused', colour: 'text-silent', filled: false }
        : { said: 'Live', colour: 'text-healthy', filled: true };
    case 'lost':
      return {
        said:
          connection.problem === null
            ? `Connection lost at ${formatClock(connection.since)}, trying again`
            : `${connection.problem} It is tried again.`,
        colour: 'text-fail',
        filled: false,
      };
    case 'hidden':
      return { said: 'Resting while the tab is hidden', colour: 'text-muted', filled: false };
    case 'refused':
      return { said: 'Stopped', colour: 'text-fail', filled: false };
  }
}

/** How the tail stands, as word, shape and colour. */
export function ConnectionState({ connection, paused }: { readonly connection: Connection; readonly paused: boolean }) {
  const { said, colour, filled } = lookOf(connection, paused);
  return (
    <span role="status" className={`inline-flex items-center gap-1.5 text-[0.8125rem] font-medium ${colour}`}>
      <svg aria-hidden="true" viewBox="0 0 10 10" className="size-2.5 shrink-0">
        <circle cx="5" cy="5" r="3.5" fill={filled ? 'currentColor' : 'none'} stroke="currentColor" strokeWidth="1.4" />
      </svg>
      {said}
    </span>
  );
}
