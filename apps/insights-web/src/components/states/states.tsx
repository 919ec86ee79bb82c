import type { ReactNode } from 'react';
import { errorSentence } from '../../lib/error-sentence.ts';
import { formatClock } from '../../lib/format.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';

const PLACES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

/** Waiting for the first answer: a list's shape without its figures. `what` continues "Loading". */
export function Loading({ what }: { readonly what: string }) {
  return (
    <div role="status" className="overflow-clip rounded-lg border border-line bg-surface">
      <span className="sr-only">Loading {what}</span>
      <div className="h-9" />
      {PLACES.map((place) => (
        <div key={place} className="flex h-9 items-center gap-6 border-t border-line px-3" aria-hidden="true">
          <span className="h-2.5 w-14 rounded bg-raised" />
          <span className="h-2.5 w-40 rounded bg-raised max-sm:w-20" />
          <span className="h-2.5 flex-1 rounded bg-raised" />
        </div>
      ))}
    </div>
  );
}

export interface FailureProps {
  /** What could not be loaded: `the applications`. */
  readonly what: string;
  readonly error: unknown;
  readonly onRetry: () => void;
  /** Milliseconds between the tries that the page makes by itself; false when it makes none. */
  readonly every: number | false;
}

const tries = (every: number | false): string =>
  every === false ? '' : ` The page tries again every ${every / 1000} seconds.`;

/** Nothing to show, and why. */
export function Failed({ what, error, onRetry, every }: FailureProps) {
  return (
    <section role="alert" className="rounded-lg border border-line bg-surface px-6 py-14 text-center">
      <h2 className="font-semibold">Could not load {what}</h2>
      <p className="mx-auto mt-1 mb-5 max-w-md text-pretty text-soft">
        {errorSentence(error)}
        {tries(every)}
      </p>
      <Button onClick={onRetry}>Try again now</Button>
    </section>
  );
}

/** What is shown is old, because a refresh failed: from when it is. */
export function Stale({ error, onRetry, every, updatedAt }: FailureProps & { readonly updatedAt: number }) {
  return (
    <Banner role="status" action={<Button onClick={onRetry}>Try again now</Button>}>
      {errorSentence(error)} These figures are from {formatClock(updatedAt)}
      {every === false ? '.' : `; the page tries again every ${every / 1000} seconds.`}
    </Banner>
  );
}

interface EmptyProps {
  readonly title: string;
  /** Why there is nothing, and what to do next. */
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

/** There is nothing to show, and that is no failure. */
export function Empty({ title, children, action }: EmptyProps) {
  return (
    <section className="rounded-lg border border-line bg-surface px-6 py-10 text-center">
      <p role="status" className="font-medium break-words">
        {title}
      </p>
      {children !== undefined && (
        <div className="mx-auto mt-1 max-w-md text-[0.8125rem] text-pretty text-soft">{children}</div>
      )}
      {action !== undefined && <div className="mt-4">{action}</div>}
    </section>
  );
}
