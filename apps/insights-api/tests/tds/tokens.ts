import type { Row } from '@scorpiox/shared/database/sqlserver';

// What a server says, as tokens of an answer ([MS-TDS] 2.2.7).

const byte = (value: number): Buffer => Buffer.from([value]);
const sized = (bytes: 2 | 4, value: number): Buffer => {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntLE(value, 0, bytes);
  return buffer;
};
const u16 = (value: number): Buffer => sized(2, value);
const u32 = (value: number): Buffer => sized(4, value);
const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');
const shortText = (text: string): Buffer => Buffer.concat([byte(text.length), utf16(text)]);
const framed = (token: number, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([byte(token), u16(body.length), body]);
};

const COLLATION = Buffer.from([0x09, 0x04, 0xd0, 0x00, 0x34]);

/** PRELOGIN: version, and that there is no encryption. */
export function prelogin(): Buffer {
  const options = [
    { token: 0x00, data: Buffer.from([16, 0, 0, 0, 0, 0]) },
    { token: 0x01, data: byte(0x02) },
  ];
  let offset = options.length * 5 + 1;
  const heads = options.map(({ token, data }) => {
    const head = Buffer.alloc(5);
    head[0] = token;
    head.writeUInt16BE(offset, 1);
    head.writeUInt16BE(data.length, 3);
    offset += data.length;
    return head;
  });
  return Buffer.concat([...heads, byte(0xff), ...options.map(({ data }) => data)]);
}

export const loginAck = (): Buffer =>
  framed(0xad, byte(1), Buffer.from([0x74, 0, 0, 4]), shortText('test peer'), Buffer.from([16, 0, 0, 0]));

export const databaseChanged = (name: string): Buffer => framed(0xe3, byte(1), shortText(name), shortText('master'));

/** The collation that texts are sent in. */
export const collationChanged = (): Buffer => framed(0xe3, byte(7), byte(COLLATION.length), COLLATION, byte(0));

/** The transaction's descriptor: a server names it, the client repeats it in each request. */
const DESCRIPTOR = Buffer.from([1, 0, 0, 0, 1, 0, 0, 0]);
export const transactionBegun = (): Buffer => framed(0xe3, byte(8), byte(8), DESCRIPTOR, byte(0));
export const transactionEnded = (how: 'commit' | 'rollback'): Buffer =>
  framed(0xe3, byte(how === 'commit' ? 9 : 10), byte(0), byte(8), DESCRIPTOR);

export interface Said {
  readonly number: number;
  readonly message: string;
  /** Severity. */
  readonly class: number;
}

const said = (token: number, { number, message, class: severity }: Said): Buffer =>
  framed(
    token,
    u32(number),
    byte(1),
    byte(severity),
    Buffer.concat([u16(message.length), utf16(message)]),
    shortText('peer'),
    shortText(''),
    u32(1),
  );
export const error = (what: Said): Buffer => said(0xaa, what);
export const info = (what: Said): Buffer => said(0xab, what);

const [MORE, ERROR, COUNT, ATTENTION] = [0x01, 0x02, 0x10, 0x20];
const ended = (token: number, status: number, rows = 0): Buffer =>
  Buffer.concat([byte(token), u16(status), u16(0), u32(rows), u32(0)]);
export const done = (): Buffer => ended(0xfd, 0);
/** The end of a request that changed so many rows. */
export const doneWithRows = (rows: number): Buffer => ended(0xfd, COUNT, rows);
export const doneWithError = (): Buffer => ended(0xfd, ERROR);
export const doneWithAttention = (): Buffer => ended(0xfd, ATTENTION);
/** The end of an RPC. */
export const doneProcedure = (): Buffer => Buffer.concat([byte(0x79), u32(0), ended(0xfe, 0)]);

interface Kind {
  readonly type: Buffer;
  readonly write: (value: unknown) => Buffer;
}

const TEXT: Kind = {
  type: Buffer.concat([byte(0xe7), u16(8000), COLLATION]),
  write: (value) =>
    value === null ? u16(0xffff) : Buffer.concat([u16(String(value).length * 2), utf16(String(value))]),
};
const FLOAT: Kind = {
  type: Buffer.from([0x6d, 8]),
  write(value) {
    if (value === null) return byte(0);
    const bytes = Buffer.alloc(9, 8);
    bytes.writeDoubleLE(Number(value), 1);
    return bytes;
  },
};
const BYTES: Kind = {
  type: Buffer.concat([byte(0xa5), u16(8000)]),
  write: (value) => (value instanceof Uint8Array ? Buffer.concat([u16(value.length), value]) : u16(0xffff)),
};

/** A result set. Names and types of columns follow from the values: this peer has no tables. */
export function resultSet(rows: readonly Row[]): Buffer {
  // A set without rows has columns all the same, or the client would see no set.
  const first = rows[0] ?? { nothing: null };
  const columns = Object.keys(first).map((name) => {
    const value = rows.find((row) => row[name] !== null && row[name] !== undefined)?.[name];
    if (typeof value === 'number') return { name, kind: FLOAT };
    return { name, kind: value instanceof Uint8Array ? BYTES : TEXT };
  });
  const heads = columns.map(({ name, kind }) => Buffer.concat([u32(0), u16(0x0009), kind.type, shortText(name)]));
  const bodies = rows.map((row) =>
    Buffer.concat([byte(0xd1), ...columns.map(({ name, kind }) => kind.write(row[name] ?? null))]),
  );
  return Buffer.concat([byte(0x81), u16(columns.length), ...heads, ...bodies, ended(0xff, MORE | COUNT, rows.length)]);
}
