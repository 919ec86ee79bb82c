import { Panel } from '../../components/ui/panel.tsx';
import type { Work } from '../../lib/api/get-health.ts';
import { formatDuration } from '../../lib/format.ts';

/** Long work under way: how far it is, and how long it will take. */
export function WorkList({ work }: { readonly work: readonly Work[] }) {
  if (work.length === 0) return null;
  return (
    <Panel title="Work under way">
      <ul className="rounded-lg border border-line bg-surface text-[0.8125rem]">
        {work.map(({ name, detail, percent, secondsLeft }) => (
          <li
            key={`${name} ${detail}`}
            className="flex flex-wrap items-center gap-x-3 gap-y-1 border-line px-3 py-2 not-first:border-t"
          >
            <strong className="font-medium">{name}</strong>
            <span className="min-w-0 flex-1 basis-40 wrap-anywhere text-soft">{detail}</span>
            {percent !== null && (
              <>
                <progress className="h-2 w-32 accent-fill" value={percent} max={100} aria-label={`${name} is done`} />
                <span className="w-14 text-right">{percent.toFixed(1)}%</span>
              </>
            )}
            <span className="w-28 text-right text-muted">
              {secondsLeft === null ? 'time unknown' : `${formatDuration(secondsLeft * 1000)} left`}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
