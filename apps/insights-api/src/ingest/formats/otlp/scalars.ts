import type { Type } from './schema.ts';
import { type Cursor, Malformed, WIRE } from './wire.ts';

// The scalar types that OTLP uses, each in protobuf and in JSON (opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding).

const INTEGER = /^-?\d{1,20}$/;

/** 64-bit integers come as numbers or as decimal text. */
function toBigInt(value: unknown): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value);
  if (typeof value === 'string' && INTEGER.test(value)) return BigInt(value);
  throw new Malformed();
}

/** Wider ones than 64 bits are no integers of protobuf. */
function within(value: bigint, cut: (bits: number, value: bigint) => bigint): bigint {
  if (cut(64, value) !== value) throw new Malformed();
  return value;
}

function toNumber(value: unknown): number {
  const integer = Number(toBigInt(value));
  if (integer !== (integer | 0) && integer !== integer >>> 0) throw new Malformed(); // outside 32 bits
  return integer;
}

const NOT_FINITE: Readonly<Record<string, number>> = { NaN: Number.NaN, Infinity: Infinity, '-Infinity': -Infinity };

function toDouble(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  const number = typeof value === 'string' && value.trim() !== '' ? (NOT_FINITE[value] ?? Number(value)) : undefined;
  if (number === undefined || (Number.isNaN(number) && value !== 'NaN')) throw new Malformed();
  return number;
}

function asString(value: unknown): string {
  if (typeof value !== 'string') throw new Malformed();
  return value;
}

function asHex(value: unknown): string {
  const text = asString(value);
  if (!/^(?:[0-9a-f]{2})*$/i.test(text)) throw new Malformed();
  return text.toLowerCase();
}

const scalar = <T>(
  wireType: Type<T>['wireType'],
  fromWire: (cursor: Cursor) => T,
  fromJson: (value: unknown) => T,
): Type<T> => ({ wireType, fromWire, fromJson });

export const text: Type<string> = scalar(WIRE.bytes, (cursor) => cursor.rest('utf8'), asString);

/** Trace and span ids: bytes in protobuf, hex in OTLP's JSON; lower-case hex here. */
export const hex: Type<string> = scalar(WIRE.bytes, (cursor) => cursor.rest('hex'), asHex);

/** Other bytes: base64 in JSON, and here. */
export const base64: Type<string> = scalar(WIRE.bytes, (cursor) => cursor.rest('base64'), asString);

export const bool: Type<boolean> = scalar(
  WIRE.varint,
  (cursor) => cursor.uint64() !== 0n,
  (value) => {
    if (typeof value !== 'boolean') throw new Malformed();
    return value;
  },
);

export const double: Type<number> = scalar(WIRE.eight, (cursor) => cursor.double(), toDouble);

/** Enumerations and uint32: numbers in both. */
export const int32: Type<number> = scalar(
  WIRE.varint,
  (cursor) => Number(BigInt.asIntN(32, cursor.uint64())),
  toNumber,
);

/** Zigzag. */
export const sint32: Type<number> = scalar(
  WIRE.varint,
  (cursor) => {
    const value = Number(BigInt.asUintN(32, cursor.uint64()));
    return (value >>> 1) ^ -(value & 1);
  },
  toNumber,
);

export const int64: Type<bigint> = scalar(
  WIRE.varint,
  (cursor) => BigInt.asIntN(64, cursor.uint64()),
  (value) => within(toBigInt(value), BigInt.asIntN),
);

export const uint64: Type<bigint> = scalar(
  WIRE.varint,
  (cursor) => cursor.uint64(),
  (value) => within(toBigInt(value), BigInt.asUintN),
);

export const fixed64: Type<bigint> = scalar(
  WIRE.eight,
  (cursor) => cursor.fixed64(),
  (value) => within(toBigInt(value), BigInt.asUintN),
);

export const sfixed64: Type<bigint> = scalar(
  WIRE.eight,
  (cursor) => BigInt.asIntN(64, cursor.fixed64()),
  (value) => within(toBigInt(value), BigInt.asIntN),
);
