import type { ImportField } from '@scorpiox/shared/contract';
import { err, ok, type Result } from '@scorpiox/shared/result';
import {
  EVENT_KINDS,
  type EventDraft,
  type EventKind,
  makeEvent,
  type ParsedEvent,
  SEVERITIES,
} from '@scorpiox/shared/telemetry';
import type { DropReason } from '../ingest/pipeline/reasons.ts';
import type { ColumnMap } from './columns.ts';
import type { Cell } from './source.ts';

/** Why a row made no event: as at ingest, and `unknown-app`, an application that nobody has added. */
type LeftOutReason = DropReason | 'unknown-app';

/** `message` repeats none of the row's values. */
export interface LeftOut {
  readonly reason: LeftOutReason;
  readonly message: string;
}

/** What a row says. */
export interface ReadRow {
  /** The application that its column names; absent where there is none. */
  readonly app?: string;
  readonly event: ParsedEvent;
}

class Unreadable extends Error {
  readonly reason: LeftOutReason;

  constructor(reason: LeftOutReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** An old row as an event. `kind`: what rows are where no column says it. */
export function readRow(map: ColumnMap, kind: EventKind, cells: readonly Cell[]): Result<ReadRow, LeftOut> {
  try {
    const row = new Row(map, cells);
    const made = makeEvent(toDraft(row, kind));
    if (!made.ok) return err({ reason: made.error.code, message: made.error.message });
    const app = row.text('app');
    return ok({ ...(app === undefined ? {} : { app }), event: made.value });
  } catch (error) {
    if (error instanceof Unreadable) return err({ reason: error.reason, message: error.message });
    throw error;
  }
}

function toDraft(row: Row, kind: EventKind): EventDraft {
  return {
    kind: row.oneOf('kind', EVENT_KINDS, 'unknown-kind') ?? kind,
    time: row.text('time') ?? '',
    name: row.text('name') ?? '',
    id: row.text('id'),
    duration: row.duration(),
    success: row.flag('success'),
    code: row.text('code'),
    operationId: row.text('operationId'),
    parentId: row.text('parentId'),
    message: row.text('message'),
    severity: row.severity(),
    value: row.number('value'),
    unit: row.text('unit'),
    user: row.text('user'),
    session: row.text('session'),
    instance: row.text('instance'),
    version: row.text('version'),
    properties: row.properties(),
    weight: row.number('count'),
  };
}

const FLAGS: Readonly<Record<string, boolean>> = { 1: true, 0: false, true: true, false: false, yes: true, no: false };

/** The cells of a row by field. NULL and empty text are absent; its methods throw `Unreadable`. */
class Row {
  readonly #map: ColumnMap;
  readonly #cells: readonly Cell[];

  constructor(map: ColumnMap, cells: readonly Cell[]) {
    this.#map = map;
    this.#cells = cells;
  }

  text(field: ImportField): string | undefined {
    return toText(this.#cell(field));
  }

  number(field: ImportField): number | undefined {
    const text = this.text(field)?.trim();
    if (text === undefined || text === '') return undefined;
    const value = Number(text);
    if (Number.isFinite(value)) return value;
    throw new Unreadable('wrong-type', `${field} is a number.`);
  }

  /** A number is milliseconds already; text may be any spelling. */
  duration(): number | string | undefined {
    const cell = this.#cell('duration');
    return typeof cell === 'number' || typeof cell === 'bigint' ? Number(cell) : toText(cell);
  }

  flag(field: ImportField): boolean | undefined {
    const text = this.text(field)?.trim().toLowerCase();
    if (text === undefined || text === '') return undefined;
    const flag = Object.hasOwn(FLAGS, text) ? FLAGS[text] : undefined;
    if (flag !== undefined) return flag;
    throw new Unreadable('wrong-type', `${field} is true or false, 1 or 0.`);
  }

  oneOf<T extends string>(field: ImportField, names: readonly T[], reason: LeftOutReason): T | undefined {
    const text = this.text(field)?.trim().toLowerCase();
    if (text === undefined || text === '') return undefined;
    const found = names.find((name) => name.toLowerCase() === text);
    if (found !== undefined) return found;
    throw new Unreadable(reason, `${field} is one of ${names.join(', ')}.`);
  }

  /** By name, or by number as Application Insights counts them: 0 verbose … 4 critical. */
  severity(): (typeof SEVERITIES)[number] | undefined {
    const text = this.text('severity')?.trim();
    return SEVERITIES.find((_, number) => String(number) === text) ?? this.oneOf('severity', SEVERITIES, 'wrong-type');
  }

  properties(): Readonly<Record<string, string>> | undefined {
    const entries = this.#map.properties.flatMap(({ name, place }) => {
      const text = toText(this.#cells[place] ?? null);
      return text === undefined ? [] : [[name, text] as const];
    });
    return entries.length === 0 ? undefined : Object.fromEntries(entries);
  }

  #cell(field: ImportField): Cell {
    const place = this.#map.fields[field];
    return place === undefined ? null : (this.#cells[place] ?? null);
  }
}

/** Bytes are UTF-8; what is none becomes U+FFFD, as SQLite's own texts that are none do. */
function toText(cell: Cell): string | undefined {
  if (cell === null || cell === '') return undefined;
  return cell instanceof Uint8Array ? new TextDecoder().decode(cell) || undefined : String(cell);
}
