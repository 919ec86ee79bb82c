/** A column that is filled, row by row, in the order of what tells the rows apart. */
import type { Value } from '@scorpiox/shared/database/console';
import type { RowIdentity } from '../rows/identity.ts';
import type { Column, Table } from '../rows/table.ts';

export interface Fill {
  readonly id: number;
  readonly table: Table;
  readonly column: Column;
  /** SQL over the columns of a row, as somebody wrote it. */
  readonly expression: string;
  readonly identity: RowIdentity;
}

/** A row's identity as it can be noted: a text. */
export type KeyText = string;

type Noted = readonly ['i' | 'r' | 't' | 'b', string];

/** JSON of the parts, each with its kind: integer, real, text, bytes. A number of JavaScript that is whole is compared the same either way. */
export function keyText(values: readonly Value[]): KeyText {
  return JSON.stringify(values.map(noted));
}

function noted(value: Value): Noted {
  if (value === null) throw new TypeError('What tells rows apart is never NULL.');
  if (typeof value === 'string') return ['t', value];
  if (typeof value === 'object') return ['b', Buffer.from(value).toString('hex')];
  return typeof value === 'bigint' || Number.isSafeInteger(value) ? ['i', String(value)] : ['r', String(value)];
}

/** The parts of such a text. Throws where it is none. */
export function keyValues(text: KeyText): readonly Value[] {
  const parts: unknown = JSON.parse(text);
  if (!Array.isArray(parts)) throw new TypeError(`${text} is no key of a row.`);
  return parts.map((part: unknown) => {
    const [kind, value] = Array.isArray(part) ? part : [];
    if (typeof value !== 'string') throw new TypeError(`${text} is no key of a row.`);
    if (kind === 'i') return BigInt(value);
    if (kind === 'r') return Number(value);
    return kind === 'b' ? Buffer.from(value, 'hex') : value;
  });
}

/** Parameters `last0`, `last1`, … */
export const parameters = (name: string, text: KeyText): Readonly<Record<string, Value>> =>
  Object.fromEntries(keyValues(text).map((value, at) => [`${name}${at}`, value]));
