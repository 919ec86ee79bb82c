import type { AlertDeliveryState, AlertsResponse } from '@scorpiox/shared/contract';
import { useState } from 'react';
import { Empty } from '../../components/states/states.tsx';
import type { Column } from '../../components/table/column.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import { useAddressSort } from '../../components/table/use-address-sort.ts';
import { Button } from '../../components/ui/button.tsx';
import { Panel } from '../../components/ui/panel.tsx';
import { Tag } from '../../components/ui/tag.tsx';
import { formatExact, formatMinute } from '../../lib/format.ts';

const LOOKS = { waiting: 'note', delivered: 'accent', failed: 'fail' } as const;

function whatBecame({ attempts, problem, dueAt }: AlertDeliveryState): string {
  const tried = attempts > 1 ? `tried ${attempts} times` : '';
  const next = dueAt === null || attempts === 0 ? '' : `again at ${formatMinute(Date.parse(dueAt))}`;
  return [problem ?? '', tried, next].filter((part) => part !== '').join(' · ');
}

const COLUMNS: readonly Column<AlertDeliveryState>[] = [
  {
    id: 'at',
    name: 'When',
    width: '8rem',
    align: 'left',
    card: 'third',
    key: ({ at }) => Date.parse(at),
    cell: ({ at }) => (
      <time dateTime={at} title={formatExact(Date.parse(at))}>
        {formatMinute(Date.parse(at))}
      </time>
    ),
  },
  {
    id: 'title',
    name: 'Message',
    heading: true,
    ascending: true,
    key: ({ title }) => title,
    cell: ({ title }) => <span className="wrap-anywhere">{title}</span>,
  },
  {
    id: 'to',
    name: 'To',
    width: '14rem',
    align: 'left',
    card: 'half',
    ascending: true,
    key: ({ to }) => to,
    cell: ({ to }) => to,
  },
  {
    id: 'status',
    name: 'State',
    width: '7rem',
    align: 'left',
    card: 'aside',
    ascending: true,
    key: ({ status }) => status,
    cell: ({ status }) => <Tag look={LOOKS[status]}>{status}</Tag>,
  },
  {
    id: 'problem',
    name: 'What became of it',
    width: '22rem',
    align: 'left',
    card: 'whole',
    cell: (delivery) => <span className="block py-1 whitespace-normal wrap-anywhere">{whatBecame(delivery)}</span>,
  },
];

/** As many are shown at first. */
const FIRST = 10;

/** The newest messages, and how each fares. */
export function MessagesPanel({ deliveries }: Pick<AlertsResponse, 'deliveries'>) {
  const [sort, setSort] = useAddressSort('sortMessages', COLUMNS, { column: 'at', descending: true });
  const [all, setAll] = useState(false);
  const shown = all ? deliveries : deliveries.slice(0, FIRST);
  const more = deliveries.length - shown.length;
  return (
    <Panel title="Messages">
      {deliveries.length === 0 ? (
        <Empty title="No messages in the last 30 days">
          Mails and webhooks are listed here with what became of them.
        </Empty>
      ) : (
        <>
          <DataTable
            label="Messages"
            columns={COLUMNS}
            rows={shown}
            rowKey={({ id }) => id}
            sort={sort}
            onSort={setSort}
            wideFrom="64rem"
          />
          {more > 0 && (
            <div className="mt-3 text-center">
              <Button onClick={() => setAll(true)}>{more} more</Button>
            </div>
          )}
        </>
      )}
    </Panel>
  );
}
