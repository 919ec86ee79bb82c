import type { ReactNode } from 'react';
import { formatClock } from '../../lib/format.ts';
import { useShortcut } from '../../lib/keyboard.ts';
import { usePageTitle } from '../../lib/use-page-title.ts';
import { useRefresh } from '../../lib/use-refresh.ts';
import { Button } from '../ui/button.tsx';
import { RefreshIcon } from '../ui/icons.tsx';
import { CutNote } from './cut-note.tsx';
import { RangePicker } from './range-picker.tsx';

function RefreshButton({ updatedAt }: { readonly updatedAt: number }) {
  const refresh = useRefresh();
  useShortcut('r', refresh);
  return (
    <Button title="Refresh now (r)" aria-keyshortcuts="r" onClick={refresh}>
      <RefreshIcon className="size-3.5" />
      <span className={updatedAt === 0 ? 'font-normal text-soft max-sm:sr-only' : 'sr-only'}>Refresh</span>
      {updatedAt !== 0 && <span className="font-normal text-soft max-sm:hidden">{formatClock(updatedAt)}</span>}
    </Button>
  );
}

interface PageHeaderProps {
  readonly title: string;
  /** In the browser's tab, where it is to say more than the heading. */
  readonly tabTitle?: string;
  /** Before the heading: the way up. */
  readonly above?: ReactNode;
  /** A few words behind the heading. */
  readonly note?: ReactNode;
  /** When the figures came, milliseconds since 1970; 0 before the first. Absent on pages that do not refresh. */
  readonly updatedAt?: number;
  /** Whether the page goes by the time range. */
  readonly range?: boolean;
  /** The page's own controls. */
  readonly children?: ReactNode;
}

/** The head of every page: what it is, its controls, the time range, refreshing. It also names the browser's tab. */
export function PageHeader({ title, tabTitle, above, note, updatedAt, range = true, children }: PageHeaderProps) {
  usePageTitle(tabTitle ?? title);
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center gap-3">
        <div className="flex min-w-0 flex-wrap items-baseline gap-x-3">
          {above}
          <h1 className="min-w-0 text-base font-semibold tracking-tight wrap-anywhere">{title}</h1>
          {note !== undefined && <div className="text-[0.8125rem] text-muted">{note}</div>}
        </div>
        <span className="flex-1 max-sm:hidden" />
        {children}
        {(range || updatedAt !== undefined) && (
          <div className="flex items-center gap-2 max-sm:w-full max-sm:justify-between">
            {range && (
              <div className="max-sm:flex-1">
                <RangePicker />
              </div>
            )}
            {updatedAt !== undefined && <RefreshButton updatedAt={updatedAt} />}
          </div>
        )}
      </div>
      {range && <CutNote />}
    </>
  );
}
