import type { AlertHistoryEntry } from '@scorpiox/shared/contract';
import { Failed, Loading } from '../../components/states/states.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Panel } from '../../components/ui/panel.tsx';
import { Tag } from '../../components/ui/tag.tsx';
import { useAlertHistory } from '../../lib/api/alerts.ts';
import { formatExact, formatMinute } from '../../lib/format.ts';
import { REFRESH_LONG_MS } from '../../lib/limits.ts';

const LOOKS = { fired: 'fail', resolved: 'accent', ended: 'plain' } as const;

const Entry = ({ at, what, subject, rule, message }: AlertHistoryEntry) => (
  <li className="flex flex-wrap items-baseline gap-x-3 gap-y-1 border-line px-3 py-2 not-first:border-t">
    <time dateTime={at} title={formatExact(Date.parse(at))} className="w-24 text-muted">
      {formatMinute(Date.parse(at))}
    </time>
    <span className="w-18">
      <Tag look={LOOKS[what]}>{what}</Tag>
    </span>
    <strong className="font-medium wrap-anywhere">{subject}</strong>
    <span className="min-w-0 flex-1 basis-64 text-pretty text-soft">{message}</span>
    <span className="text-muted wrap-anywhere">{rule}</span>
  </li>
);

/** What fired and was resolved, newest first; 90 days are kept. */
export function HistoryPanel() {
  const query = useAlertHistory();
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = query;
  const entries = data?.pages.flatMap((page) => page.entries) ?? [];
  return (
    <Panel title="History">
      {data === undefined && error === null && <Loading what="the history" />}
      {data === undefined && error !== null && (
        <Failed what="the history" error={error} every={REFRESH_LONG_MS} onRetry={() => void refetch()} />
      )}
      {data !== undefined && entries.length === 0 && (
        <p className="text-[0.8125rem] text-soft">Nothing has fired in the last 90 days.</p>
      )}
      {entries.length > 0 && (
        <ol className="overflow-clip rounded-lg border border-line bg-surface text-[0.8125rem]">
          {entries.map((entry) => (
            <Entry key={entry.id} {...entry} />
          ))}
        </ol>
      )}
      {hasNextPage && (
        <div className="mt-3 text-center">
          <Button onClick={() => void fetchNextPage()} aria-disabled={isFetchingNextPage}>
            Older
          </Button>
        </div>
      )}
    </Panel>
  );
}
