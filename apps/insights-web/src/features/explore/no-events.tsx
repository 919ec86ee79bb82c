import { Empty } from '../../components/states/states.tsx';
import { Button } from '../../components/ui/button.tsx';
import { SPAN_NAMES, SPANS, type Span, type TimeRange } from '../../lib/time-range.ts';
import { useTimeRange } from '../../lib/use-time-range.ts';
import type { ExploreView } from './search.ts';

/** The next longer span up to now; null where there is none. */
function longerSpan(range: TimeRange): Span | null {
  if (range.kind === 'between') return '30d';
  return SPANS[SPANS.indexOf(range.span) + 1] ?? null;
}

interface NoEventsProps {
  readonly view: ExploreView;
  readonly change: (change: Partial<ExploreView>) => void;
  readonly notes: readonly string[];
}

/** Nothing matches, and that is certain: look further back, or ask for less. */
export function NoEvents({ view, change, notes }: NoEventsProps) {
  const { range, setRange } = useTimeRange();
  const longer = longerSpan(range);
  const actions = (
    <div className="flex flex-wrap justify-center gap-2">
      {longer !== null && (
        <Button onClick={() => setRange({ kind: 'last', span: longer })}>Look at the last {SPAN_NAMES[longer]}</Button>
      )}
      {view.q !== '' && <Button onClick={() => change({ q: '' })}>Clear the query</Button>}
    </div>
  );
  return (
    <Empty title={view.q === '' ? 'No events in this time range.' : 'No event matches.'} action={actions}>
      {notes.join(' ')}
    </Empty>
  );
}
