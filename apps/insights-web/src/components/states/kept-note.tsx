import type { Kept } from '../../lib/api/span.ts';
import { formatExact } from '../../lib/format.ts';
import { Banner } from '../ui/banner.tsx';

/** Says so where the answer lacks the beginning of the range, since that is no longer kept. */
export function KeptNote({ kept }: { readonly kept: Kept }) {
  if (kept.complete) return null;
  return (
    <Banner role="status" look="note">
      These figures begin at {formatExact(Date.parse(kept.since))}: nothing before is kept. Choose a shorter range to
      see it whole.
    </Banner>
  );
}
