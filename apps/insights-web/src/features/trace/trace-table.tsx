import type { TraceResponse, TraceSpan } from '@scorpiox/shared/contract';
import { useState } from 'react';
import type { Column } from '../../components/table/column.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import { useAddressSort } from '../../components/table/use-address-sort.ts';
import { KIND_NAMES } from '../../lib/event-words.ts';
import { formatDuration } from '../../lib/format.ts';
import { ToneMark } from '../events/event-cells.tsx';
import { toneOf } from '../events/tone.ts';

const COLUMNS: readonly Column<TraceSpan>[] = [
  {
    id: 'name',
    name: 'Name',
    heading: true,
    ascending: true,
    key: (span) => span.name,
    cell: (span) => (
      <span className="inline-flex max-w-full items-center gap-1.5">
        {toneOf(span) !== 'plain' && <ToneMark tone={toneOf(span)} />}
        <span className="truncate" title={span.name}>
          {span.name}
        </span>
      </span>
    ),
  },
  {
    id: 'app',
    name: 'Application',
    width: '12rem',
    align: 'left',
    ascending: true,
    key: (span) => span.app,
    cell: (span) => span.app,
  },
  {
    id: 'kind',
    name: 'Kind',
    width: '7rem',
    align: 'left',
    ascending: true,
    key: (span) => span.kind,
    cell: (span) => KIND_NAMES[span.kind],
  },
  {
    id: 'start',
    name: 'Start',
    width: '6rem',
    ascending: true,
    key: (span) => span.startMs,
    cell: (span) => formatDuration(span.startMs),
  },
  {
    id: 'duration',
    name: 'Duration',
    width: '6rem',
    key: (span) => span.durationMs,
    cell: (span) => formatDuration(span.durationMs),
  },
  {
    id: 'self',
    name: 'Self',
    hint: 'Time in which none of its children ran',
    width: '6rem',
    key: (span) => span.selfMs,
    cell: (span) => formatDuration(span.selfMs),
  },
  { id: 'status', name: 'Status', width: '6rem', key: (span) => span.code, cell: (span) => span.code ?? '–' },
];

const keyOf = (span: TraceSpan): string => `${span.app} ${span.time} ${span.hash}`;

function Table({ spans }: { readonly spans: readonly TraceSpan[] }) {
  const [sort, setSort] = useAddressSort('sort', COLUMNS, { column: 'self', descending: true });
  return (
    <div className="mt-2">
      <DataTable
        label="Spans"
        level={2}
        columns={COLUMNS}
        rows={spans}
        rowKey={keyOf}
        ties={(a, b) => a.startMs - b.startMs}
        sort={sort}
        onSort={setSort}
        wideFrom="60rem"
      />
    </div>
  );
}

/** The figures of the waterfall, for those who would rather read them: where the time went, first. Made when it is opened. */
export function TraceTable({ trace }: { readonly trace: TraceResponse }) {
  const [open, setOpen] = useState(false);
  return (
    <details className="mt-3 text-[0.8125rem]" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="w-fit rounded text-muted hover:text-ink">
        <span className="sr-only">Spans </span>as a table, by time of their own
      </summary>
      {open && <Table spans={trace.spans} />}
    </details>
  );
}
