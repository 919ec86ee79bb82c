import type { Console, Value } from '@scorpiox/shared/database/console';
import { ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { columnsOf } from '../catalog/describe.ts';
import { rowIdentity } from '../rows/identity.ts';
import { keyColumns, orderOf, shownKey } from '../rows/key.ts';
import { KEYS_SHOWN, ROWS_SAMPLED, VALUE_SHOWN } from '../rows/limits.ts';
import { readTable } from '../rows/read-table.ts';
import { shownName } from '../rows/table.ts';
import { countDuplicates, findWorst, type WorstKey } from './dupes.ts';

export interface DupesRequest {
  readonly table: string;
  readonly key: readonly string[];
  readonly by: string | undefined;
}

/** A type rather than an interface: only those are records of printable values. */
type Shown = Readonly<Record<string, string | number | null>>;

/** The duplicates of a table as they are shown. */
export interface DuplicatesFound {
  readonly table: string;
  readonly key: string;
  readonly rows: number;
  readonly distinct: number;
  readonly groups: number;
  readonly excess: number;
  /** `equal` or `distinct`: whether rows with a NULL in the key can be duplicates of each other. */
  readonly nulls: 'equal' | 'distinct';
  /** Which row of a key is the earliest. */
  readonly kept: string;
  readonly worst: readonly { readonly rows: number; readonly key: Shown; readonly sample: readonly Shown[] }[];
}

/** Looks for duplicates. Rejects with `ConsoleError` and `DatabaseFailed`. */
export async function findDuplicates(
  db: Console,
  request: DupesRequest,
  limit = KEYS_SHOWN,
): Promise<Result<DuplicatesFound, Failure>> {
  const table = await readTable(db, request.table);
  const key = keyColumns(table, request.key);
  if (!key.ok) return key;
  const by = request.by === undefined ? ok([]) : columnsOf(table, [request.by]);
  if (!by.ok) return by;
  const order = orderOf(table, by.value[0]?.name, rowIdentity(table));
  const keyed = { table, key: key.value, order };
  const counts = await countDuplicates(db.run, keyed);
  const worst = counts.excess === 0 ? [] : await findWorst(db.run, keyed, limit, ROWS_SAMPLED);
  return ok({
    ...{ table: shownName(table), key: shownKey(key.value), ...counts },
    nulls: db.kind === 'sqlserver' ? 'equal' : 'distinct',
    kept: order.told,
    worst: worst.map(shown),
  });
}

const shown = ({ rows, key, sample }: WorstKey) => ({ rows, key: readable(key), sample: sample.map(readable) });

const readable = (values: Readonly<Record<string, Value>>): Shown =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, short(value)]));

/** Long values are cut, and integers beyond 2^53 are texts: JSON has no others. */
function short(value: Value): string | number | null {
  if (value === null || typeof value === 'number') return value;
  const text = typeof value === 'object' ? `x'${Buffer.from(value).toString('hex')}'` : String(value);
  return text.length > VALUE_SHOWN ? `${text.slice(0, VALUE_SHOWN)}…` : text;
}
