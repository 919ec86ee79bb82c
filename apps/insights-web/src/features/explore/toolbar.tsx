import type { EventRecord, HistogramResponse, View } from '@scorpiox/shared/contract';
import { Button } from '../../components/ui/button.tsx';
import { CopyButton } from '../../components/ui/copy-button.tsx';
import { ArrowIcon } from '../../components/ui/icons.tsx';
import type { Order, Search } from '../../lib/api/get-events.ts';
import { formatCount } from '../../lib/format.ts';
import { ColumnMenu } from '../events/column-menu.tsx';
import { ExportMenu } from './export-menu.tsx';
import type { ExploreView } from './search.ts';
import { shareAddress } from './share.ts';
import { ViewsMenu } from './views-menu.tsx';

interface ToolbarProps {
  readonly search: Search;
  readonly view: ExploreView;
  readonly onColumns: (columns: readonly string[]) => void;
  readonly onOrder: (order: Order) => void;
  readonly onShow: (view: View) => void;
  /** Events that are here. */
  readonly events: readonly EventRecord[];
  readonly histogram: HistogramResponse | undefined;
}

/** How many match, as far as was looked. */
function total({ total: found, partial }: HistogramResponse): string {
  return `${formatCount(found)}${partial === null ? '' : ' or more'} ${found === 1 ? 'event' : 'events'}`;
}

/** Which events come first; a click turns it round. */
const OrderButton = ({ order, onOrder }: { readonly order: Order; readonly onOrder: (order: Order) => void }) => {
  const other = order === 'newest' ? 'oldest' : 'newest';
  return (
    <Button title={`Show the ${other} first`} onClick={() => onOrder(other)}>
      <ArrowIcon descending={order === 'newest'} />
      <span className="max-sm:sr-only">{order === 'newest' ? 'Newest first' : 'Oldest first'}</span>
    </Button>
  );
};

/** How many events match, and what can be done with them. */
export function Toolbar({ search, view, onColumns, onOrder, onShow, events, histogram }: ToolbarProps) {
  const current = { q: view.q, from: search.from, to: search.to, columns: [...view.columns] };
  return (
    <div className="mt-4 mb-2 flex flex-wrap items-center gap-2">
      <p role="status" className="min-h-5 flex-1 text-[0.8125rem] font-medium">
        {histogram === undefined ? '' : total(histogram)}
      </p>
      <OrderButton order={view.order} onOrder={onOrder} />
      <span className="max-md:hidden">
        <ColumnMenu chosen={view.columns} onChange={onColumns} events={events} />
      </span>
      <ViewsMenu current={current} onShow={onShow} />
      <ExportMenu search={search} />
      <CopyButton
        text={() => shareAddress(window.location.href, histogram)}
        title="Copy a link to just these events: their time span stays as it is"
      >
        Copy link
      </CopyButton>
    </div>
  );
}
