import type { Cell } from '@scorpiox/shared/database/sqlserver';
import { type Cursor, readChunks } from './requests.ts';

/** What a bulk load brought ([MS-TDS] 2.2.6.1): the columns as it describes them, and the rows. */
export interface Loaded {
  readonly columns: readonly { readonly name: string; readonly nullable: boolean; readonly type: string }[];
  readonly rows: readonly (readonly Cell[])[];
}

const [COLMETADATA, ROW, DONE] = [0x81, 0xd1, 0xfd];
const NULLABLE = 0x01;

interface Column {
  readonly name: string;
  readonly nullable: boolean;
  readonly type: string;
  readonly read: (cursor: Cursor) => Cell;
}

/** Reads the message whole: a description, rows, and a token that says that all have come. */
export function readBulk(cursor: Cursor): Loaded {
  expectToken(cursor, COLMETADATA);
  const columns = Array.from({ length: cursor.u16() }, () => readColumn(cursor));
  const rows: Cell[][] = [];
  for (let token = cursor.byte(); token !== DONE; token = cursor.byte()) {
    if (token !== ROW) throw new Error(`a token that is not of a bulk load: ${token}`);
    rows.push(columns.map(({ read }) => read(cursor)));
  }
  cursor.take(12);
  if (!cursor.done) throw new Error('something follows the end of the rows');
  return { columns: columns.map(({ name, nullable, type }) => ({ name, nullable, type })), rows };
}

function expectToken(cursor: Cursor, token: number): void {
  if (cursor.byte() !== token) throw new Error('the rows come without a description');
}

function readColumn(cursor: Cursor): Column {
  cursor.u32(); // user type
  const nullable = (cursor.u16() & NULLABLE) !== 0;
  const { type, read } = readType(cursor);
  return { name: cursor.text(cursor.byte()), nullable, type, read };
}

const [INTN, BITN, FLTN, NVARCHAR, VARBINARY] = [0x26, 0x68, 0x6d, 0xe7, 0xa5];
const MAX = 0xffff;
const INTEGERS: Readonly<Record<number, string>> = { 2: 'smallint', 4: 'int', 8: 'bigint' };

/** TYPE_INFO ([MS-TDS] 2.2.5.6) of the types that the adapter loads, and how their values are read. */
function readType(cursor: Cursor): Pick<Column, 'type' | 'read'> {
  const type = cursor.byte();
  if (type === INTN || type === BITN || type === FLTN) {
    const length = cursor.byte();
    if (type === BITN) return { type: 'bit', read: fixed((bytes) => bytes.readUInt8()) };
    if (type === FLTN) return { type: 'float', read: fixed((bytes) => bytes.readDoubleLE()) };
    return { type: INTEGERS[length] ?? `int of ${length}`, read: fixed(readInteger) };
  }
  if (type !== NVARCHAR && type !== VARBINARY) throw new Error(`an unknown type ${type}`);
  const length = cursor.u16();
  if (type === VARBINARY) return { type: `varbinary(${length})`, read: sized((bytes) => bytes) };
  cursor.take(5); // collation
  const toText = (bytes: Buffer) => bytes.toString('utf16le');
  if (length === MAX) return { type: 'nvarchar(max)', read: chunked(toText) };
  return { type: `nvarchar(${length / 2})`, read: sized(toText) };
}

const readInteger = (bytes: Buffer): number =>
  bytes.length === 8 ? Number(bytes.readBigInt64LE()) : bytes.readIntLE(0, bytes.length);

const fixed = (read: (bytes: Buffer) => Cell) => (cursor: Cursor) => {
  const length = cursor.byte();
  return length === 0 ? null : read(cursor.take(length));
};

const sized = (read: (bytes: Buffer) => Cell) => (cursor: Cursor) => {
  const length = cursor.u16();
  return length === MAX ? null : read(cursor.take(length));
};

const chunked = (read: (bytes: Buffer) => Cell) => (cursor: Cursor) => {
  const chunks = readChunks(cursor);
  return chunks === undefined ? null : read(chunks);
};
