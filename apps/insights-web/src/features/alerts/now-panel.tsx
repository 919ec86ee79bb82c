import type { AlertsResponse } from '@scorpiox/shared/contract';
import { Empty } from '../../components/states/states.tsx';
import { Panel } from '../../components/ui/panel.tsx';
import { Tag } from '../../components/ui/tag.tsx';
import { formatExact, formatRelative } from '../../lib/format.ts';
import { useNow } from '../../lib/use-now.ts';

const CLOCK_MS = 10_000;

/** What is not well now, firing first. */
export function NowPanel({ rules }: Pick<AlertsResponse, 'rules'>) {
  const now = useNow(CLOCK_MS);
  const all = rules.flatMap((rule) => rule.subjects.map((subject) => ({ rule, ...subject })));
  const sorted = all.toSorted(
    (a, b) =>
      Number(b.status === 'firing') - Number(a.status === 'firing') || Date.parse(b.since) - Date.parse(a.since),
  );
  if (rules.length === 0) return null;
  return (
    <Panel title="Now">
      {sorted.length === 0 ? (
        <Empty title="No rule finds anything wrong." />
      ) : (
        <ul className="overflow-clip rounded-lg border border-line bg-surface text-[0.8125rem]">
          {sorted.map(({ rule, subject, status, since, message }) => (
            <li
              key={`${rule.id} ${subject}`}
              className="flex flex-wrap items-baseline gap-x-3 gap-y-1 border-line px-3 py-2 not-first:border-t"
            >
              <Tag look={status === 'firing' ? 'fail' : 'note'}>{status}</Tag>
              <strong className="font-medium wrap-anywhere">{subject}</strong>
              <span className="min-w-0 flex-1 basis-64 text-pretty text-soft">{message}</span>
              <span className="text-muted">{rule.name}</span>
              <time dateTime={since} title={formatExact(Date.parse(since))} className="text-muted">
                {formatRelative(Date.parse(since), now)}
              </time>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
