import type { PartialSearch } from '@scorpiox/shared/contract';
import { Banner } from '../../components/ui/banner.tsx';
import { Button } from '../../components/ui/button.tsx';
import { formatCount } from '../../lib/format.ts';
import { formatExactMs } from '../../lib/format-moment.ts';

const REASONS: Record<PartialSearch['reason'], string> = {
  time: 'had no more time',
  rows: 'read as much as one search may',
};

interface PartialNoteProps {
  readonly partial: PartialSearch;
  /** Events that were read. */
  readonly scanned: number;
  readonly onGoOn: () => void;
  readonly isGoingOn: boolean;
}

/** A search gave up before the end of its span: how far it came, and the way on. */
export const PartialNote = ({ partial, scanned, onGoOn, isGoingOn }: PartialNoteProps) => (
  <Banner
    role="status"
    look="note"
    action={
      <Button onClick={onGoOn} disabled={isGoingOn}>
        {isGoingOn ? 'Searching' : 'Search further back'}
      </Button>
    }
  >
    The search {REASONS[partial.reason]} after {formatCount(scanned)} events. It is complete back to{' '}
    <time dateTime={partial.reached}>{formatExactMs(partial.reached).join(' ')}</time>; what is older is missing.
  </Banner>
);
