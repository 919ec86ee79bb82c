import { Banner } from '../../components/ui/banner.tsx';
import { Button } from '../../components/ui/button.tsx';
import { errorSentence } from '../../lib/error-sentence.ts';
import { formatClock } from '../../lib/format.ts';

const PLACES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

/** The first load: the list's shape without its figures. */
export function ListSkeleton() {
  return (
    <div role="status" className="overflow-clip rounded-lg border border-line bg-surface">
      <span className="sr-only">Loading the applications</span>
      <div className="h-9" />
      {PLACES.map((place) => (
        <div key={place} className="flex h-9 items-center gap-6 border-t border-line px-3" aria-hidden="true">
          <span className="h-2.5 w-14 rounded bg-raised" />
          <span className="h-2.5 w-40 rounded bg-raised" />
          <span className="h-2.5 flex-1 rounded bg-raised" />
        </div>
      ))}
    </div>
  );
}

interface FailureProps {
  readonly error: unknown;
  readonly onRetry: () => void;
  /** Seconds between the tries the page makes by itself. */
  readonly everySeconds: number;
}

/** Nothing to show, and why. */
export function ListFailure({ error, onRetry, everySeconds }: FailureProps) {
  return (
    <section role="alert" className="rounded-lg border border-line bg-surface px-6 py-14 text-center">
      <h2 className="font-semibold">The applications could not be loaded</h2>
      <p className="mx-auto mt-1 mb-5 max-w-md text-pretty text-soft">
        {errorSentence(error)} The page tries again every {everySeconds} seconds.
      </p>
      <Button onClick={onRetry}>Try again now</Button>
    </section>
  );
}

/** The list is there and a refresh failed: from when the figures are. */
export function StaleBanner({
  error,
  onRetry,
  everySeconds,
  updatedAt,
}: FailureProps & { readonly updatedAt: number }) {
  return (
    <div className="mb-3">
      <Banner role="status" action={<Button onClick={onRetry}>Try again now</Button>}>
        {errorSentence(error)} These figures are from {formatClock(updatedAt)}; the page tries again every{' '}
        {everySeconds} seconds.
      </Banner>
    </div>
  );
}

/** The filter leaves nothing. */
export function NoMatch({ filter, onClear }: { readonly filter: string; readonly onClear: () => void }) {
  return (
    <section className="rounded-lg border border-line bg-surface px-6 py-14 text-center">
      <p className="mb-4 break-words text-soft" role="status">
        No application’s name has “{filter.trim()}” in it.
      </p>
      <Button onClick={onClear}>Clear the filter</Button>
    </section>
  );
}
