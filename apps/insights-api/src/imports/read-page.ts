import { type EventKind, eventHash } from '@scorpiox/shared/telemetry';
import type { Owner } from '../ingest/pipeline/pipeline.ts';
import { checkWindow } from '../ingest/pipeline/window.ts';
import type { IdentifiedEvent, Submission } from '../store/port.ts';
import type { ColumnMap } from './columns.ts';
import { type LeftOut, readRow } from './read-row.ts';
import type { SourceRow } from './source.ts';

/** How rows of one table are to be read. */
export interface Reading {
  readonly map: ColumnMap;
  readonly kind: EventKind;
  /** The application of all rows; absent where a column names it. */
  readonly app: string | undefined;
  /** Applications by name in lower case. */
  readonly owners: ReadonlyMap<string, Owner>;
}

/** A row that made no event. */
interface LeftOutRow extends LeftOut {
  readonly key: bigint;
}

export interface ReadPage {
  readonly submissions: readonly Submission[];
  /** For each event of each submission the key of its row. */
  readonly keys: readonly (readonly bigint[])[];
  readonly leftOut: readonly LeftOutRow[];
}

interface Share {
  readonly appId: number;
  readonly events: IdentifiedEvent[];
  readonly keys: bigint[];
}

/** Rows as submissions, one for each application; their order, by which the earliest stays, is kept. */
export function readPage(rows: readonly SourceRow[], reading: Reading, now: number): ReadPage {
  const shares = new Map<number, Share>();
  const leftOut: LeftOutRow[] = [];
  for (const { key, cells } of rows) {
    const row = readRow(reading.map, reading.kind, cells);
    if (!row.ok) {
      leftOut.push({ key, ...row.error });
      continue;
    }
    const owner = ownerOf(reading, row.value.app);
    const problem = 'reason' in owner ? owner : checkWindow(row.value.event, now, owner.keptMs);
    if (problem !== undefined) {
      leftOut.push({ key, reason: problem.reason, message: problem.message });
    } else if (!('reason' in owner)) {
      const { event } = row.value;
      const share = shares.get(owner.id) ?? { appId: owner.id, events: [], keys: [] };
      shares.set(owner.id, share);
      share.events.push({ event, hash: eventHash(event) });
      share.keys.push(key);
    }
  }
  const all = [...shares.values()];
  return {
    submissions: all.map(({ appId, events }) => ({ appId, receivedAt: now, events, dropped: {} })),
    keys: all.map(({ keys }) => keys),
    leftOut,
  };
}

function ownerOf({ app, owners }: Reading, named: string | undefined): Owner | LeftOut {
  const name = app ?? named;
  if (name === undefined) return { reason: 'missing-app', message: 'The row names no application.' };
  const owner = owners.get(name.trim().toLowerCase());
  return (
    owner ?? {
      reason: 'unknown-app',
      message: 'The row names an application that is not there: add it and import again.',
    }
  );
}
