import type { PartialSearch } from '@scorpiox/shared/contract';
import { Banner } from '../../components/ui/banner.tsx';
import { Button } from '../../components/ui/button.tsx';
import type { Order } from '../../lib/api/get-events.ts';
import { formatCount } from '../../lib/format.ts';
import { formatExactMs } from '../../lib/format-moment.ts';

const REASONS: Record<PartialSearch['reason'], string> = {
  time: 'had no more time',
  rows: 'read as much as one search may',
};

interface PartialNoteProps {
  readonly partial: PartialSearch;
  readonly order: Order;
  /** Events that were read. */
  readonly scanned: number;
  readonly onGoOn: () => void;
  readonly isGoingOn: boolean;
}

/** A search gave up before the end of its span: how far it came, and the way on. */
export const PartialNote = ({ partial, order, scanned, onGoOn, isGoingOn }: PartialNoteProps) => (
  <Banner
    role="status"
    look="note"
    action={
      <Button onClick={onGoOn} disabled={isGoingOn}>
        {isGoingOn ? 'Searching' : order === 'newest' ? 'Search further back' : 'Search further on'}
      </Button>
    }
  >
    The search {REASONS[partial.reason]} after {formatCount(scanned)} events. It is complete{' '}
    {order === 'newest' ? 'back' : 'up'} to{' '}
    <time dateTime={partial.reached}>{formatExactMs(partial.reached).join(' ')}</time>; what is{' '}
    {order === 'newest' ? 'older' : 'newer'} is missing.
  </Banner>
);
