import { formatExact } from '../../lib/format.ts';
import { useTimeRange } from '../../lib/use-time-range.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';

/** Says so where the address asks for a longer range than can be shown, of which the page shows the end. */
export function CutNote() {
  const { range, setRange } = useTimeRange();
  if (range.kind === 'last' || range.cutFrom === undefined) return null;
  const { from, to, cutFrom } = range;
  return (
    <Banner
      role="status"
      look="note"
      action={<Button onClick={() => setRange({ kind: 'between', from, to })}>Take these 31 days</Button>}
    >
      At most 31 days can be shown at once: these are the last of those since {formatExact(cutFrom)}.
    </Banner>
  );
}
