import { Button } from '../../components/ui/button.tsx';
import { RefreshIcon } from '../../components/ui/icons.tsx';
import { formatClock } from '../../lib/format.ts';
import { useShortcut } from '../../lib/keyboard.ts';
import { type AppRow, allUnheardOf } from './app-row.ts';
import { FilterField } from './filter-field.tsx';
import { RangePicker } from './range-picker.tsx';
import type { AppsView } from './search.ts';

/** How many applications stand how: `15 · 2 failing · 1 silent`. */
function summary(rows: readonly AppRow[]): string {
  const count = (state: AppRow['state']): number => rows.filter((row) => row.state === state).length;
  const parts = (['failing', 'silent', 'waiting'] as const)
    .map((state) => [count(state), state] as const)
    .filter(([number]) => number > 0)
    .map(([number, state]) => `${number} ${state}`);
  return [String(rows.length), ...(parts.length === 0 ? ['all healthy'] : parts)].join(' · ');
}

interface ToolbarProps {
  readonly view: AppsView;
  readonly onChange: (change: Partial<AppsView>) => void;
  /** Undefined until there is an answer. */
  readonly rows: readonly AppRow[] | undefined;
  /** When the last answer came, milliseconds since 1970; 0 before the first. */
  readonly updatedAt: number;
  readonly onRefresh: () => void;
}

/** The page's name and what can be done with it; a list of nothing has nothing to be counted or filtered. */
export function Toolbar({ view, onChange, rows, updatedAt, onRefresh }: ToolbarProps) {
  useShortcut('r', onRefresh);
  const nothing = rows !== undefined && allUnheardOf(rows);
  return (
    <div className="mb-4 flex flex-wrap items-center gap-3">
      <div className="flex flex-wrap items-baseline gap-x-3">
        <h1 className="text-base font-semibold tracking-tight">Applications</h1>
        {rows !== undefined && !nothing && <p className="text-[0.8125rem] text-muted">{summary(rows)}</p>}
      </div>
      <span className="flex-1 max-sm:hidden" />
      {!nothing && <FilterField value={view.filter} onChange={(filter) => onChange({ filter })} />}
      <div className="flex items-center gap-2 max-sm:w-full max-sm:justify-between">
        <div className="max-sm:flex-1">
          <RangePicker value={view.range} onChange={(range) => onChange({ range })} />
        </div>
        <Button title="Refresh now (r)" aria-label="Refresh now" aria-keyshortcuts="r" onClick={onRefresh}>
          <RefreshIcon className="size-3.5" />
          <span className="font-normal text-soft max-sm:hidden">
            {updatedAt === 0 ? 'Refresh' : formatClock(updatedAt)}
          </span>
        </Button>
      </div>
    </div>
  );
}
