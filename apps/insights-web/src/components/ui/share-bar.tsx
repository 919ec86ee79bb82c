import { formatRate } from '../../lib/format.ts';

/** A part of a whole as a bar and in per cent; null is nothing. */
export const ShareBar = ({ share }: { readonly share: number | null }) => (
  <span className="inline-flex items-center gap-2">
    <span aria-hidden="true" className="h-2 w-16 overflow-hidden rounded-sm bg-raised">
      <span className="block h-full bg-accent" style={{ width: `${Math.min(1, share ?? 0) * 100}%` }} />
    </span>
    <span className={`w-11 text-right ${share === null ? 'text-muted' : ''}`}>{formatRate(share)}</span>
  </span>
);
