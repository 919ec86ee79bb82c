import { err, ok, type Result } from '@scorpiox/shared/result';
import { MESSAGE_DEPTH } from '../../../limits.ts';
import { asFields } from '../fields.ts';
import { type Cursor, Malformed, WIRE, type WireType } from './wire.ts';

/*
 * Protobuf messages as data: a table of fields from which both spellings of OTLP are read, protobuf and JSON, so that
 * they cannot drift apart. Unknown fields are passed over in both, as protobuf wants; a known one of another type makes
 * its message malformed. What is declared by `items` stands alone: one that is malformed harms no other.
 */

/** How one type of value is read. Both functions throw `Malformed`. */
export interface Type<T> {
  readonly wireType: WireType;
  /** Of a length-delimited type the cursor covers the value and nothing else. */
  fromWire(cursor: Cursor, depth: number): T;
  /** `value` is what JSON.parse made, not null; integers beyond 2^53 are BigInts (read.ts). */
  fromJson(value: unknown, depth: number): T;
}

/** A field whose decoded value is a `Shape`. */
interface Field<Shape> {
  readonly number: number;
  readonly many: boolean;
  readonly type: Type<unknown>;
  /** For the compiler only. */
  readonly shape?: Shape;
}

type Fields = Readonly<Record<string, Field<unknown>>>;
type ShapeOf<F> = F extends Field<infer Shape> ? Shape : never;
/** A decoded message. */
export type Decoded<F> = { readonly [K in keyof F]: ShapeOf<F[K]> };

/** A field that is there once or not at all; the last one counts. */
export const one = <T>(number: number, type: Type<T>): Field<T | undefined> => ({ number, many: false, type });

/** A repeated field. */
export const many = <T>(number: number, type: Type<T>): Field<readonly T[]> => ({ number, many: true, type });

/** One of several things that are taken or refused each by itself. */
export type Item<T> = Result<T, 'malformed'>;

/** A repeated field of messages that stand alone. */
export const items = <T>(number: number, type: Type<T>): Field<readonly Item<T>[]> =>
  many(number, {
    wireType: type.wireType,
    fromWire: (cursor, depth) => attempt(() => type.fromWire(cursor, depth)),
    fromJson: (value, depth) => attempt(() => type.fromJson(value, depth)),
  });

function attempt<T>(read: () => T): Item<T> {
  try {
    return ok(read());
  } catch (error) {
    if (error instanceof Malformed) return err('malformed');
    throw error;
  }
}

/** A message type out of its fields, which are named as in JSON. */
export function message<F extends Fields>(fields: F): Type<Decoded<F>> {
  const named = Object.entries(fields);
  const byNumber = new Map(named.map(([name, field]) => [field.number, [name, field] as const]));
  const empty = Object.fromEntries(named.map(([name]) => [name, undefined]));
  const lists = named.filter(([, field]) => field.many).map(([name]) => name);
  const reader =
    (fill: (out: Record<string, unknown>, depth: number) => void) =>
    (depth: number): Decoded<F> => {
      if (depth > MESSAGE_DEPTH) throw new Malformed();
      const out: Record<string, unknown> = { ...empty };
      for (const name of lists) out[name] = [];
      fill(out, depth + 1);
      return out as Decoded<F>; // every field is there, empty or as its own type has read it
    };
  return {
    wireType: WIRE.bytes,
    fromWire: (cursor, depth) =>
      reader((out, inside) => {
        while (!cursor.done) readField(cursor, byNumber, out, inside);
      })(depth),
    fromJson: (value, depth) =>
      reader((out, inside) => {
        const given = asFields(value);
        if (given === undefined) throw new Malformed();
        for (const [name, field] of named) {
          if (given[name] !== undefined && given[name] !== null) out[name] = jsonField(field, given[name], inside);
        }
      })(depth),
  };
}

function jsonField({ many, type }: Field<unknown>, value: unknown, depth: number): unknown {
  if (!many) return type.fromJson(value, depth);
  if (!Array.isArray(value)) throw new Malformed();
  return value.map((element: unknown) => type.fromJson(element, depth));
}

type ByNumber = ReadonlyMap<number, readonly [string, Field<unknown>]>;

function readField(cursor: Cursor, byNumber: ByNumber, out: Record<string, unknown>, depth: number): void {
  const tag = cursor.tag();
  const known = byNumber.get(tag.field);
  if (known === undefined) {
    cursor.skip(tag.wireType);
    return;
  }
  const [name, { type }] = known;
  const before = out[name];
  const list = Array.isArray(before) ? before : undefined;
  if (tag.wireType === type.wireType) {
    const value = type.fromWire(tag.wireType === WIRE.bytes ? cursor.inner() : cursor, depth);
    if (list === undefined) out[name] = value;
    else list.push(value);
    return;
  }
  if (tag.wireType !== WIRE.bytes || list === undefined) throw new Malformed();
  readPacked(cursor.inner(), type, depth, list);
}

function readPacked(packed: Cursor, type: Type<unknown>, depth: number, list: unknown[]): void {
  while (!packed.done) {
    packed.allowance.spend();
    list.push(type.fromWire(packed, depth));
  }
}

/** A type that is declared later: messages that hold themselves. */
export const lazy = <T>(get: () => Type<T>): Type<T> => ({
  wireType: WIRE.bytes,
  fromWire: (cursor, depth) => get().fromWire(cursor, depth),
  fromJson: (value, depth) => get().fromJson(value, depth),
});
