import type { Statement } from '@scorpiox/shared/database/sqlserver';

/** Reads a message from its start on. Throws where it is not what this peer knows. */
export class Cursor {
  readonly #data: Buffer;
  #at = 0;

  constructor(data: Buffer) {
    this.#data = data;
  }

  get done(): boolean {
    return this.#at >= this.#data.length;
  }

  byte = (): number => this.take(1).readUInt8();
  u16 = (): number => this.take(2).readUInt16LE();
  u32 = (): number => this.take(4).readUInt32LE();

  take(length: number): Buffer {
    if (this.#at + length > this.#data.length) throw new Error('the message ends early');
    this.#at += length;
    return this.#data.subarray(this.#at - length, this.#at);
  }

  rest = (): Buffer => this.take(this.#data.length - this.#at);
  text = (characters: number): string => this.take(characters * 2).toString('utf16le');

  /** ALL_HEADERS stand before every request ([MS-TDS] 2.2.5.3). */
  skipHeaders(): void {
    this.take(this.u32() - 4);
  }
}

/** The text of an SQL batch. */
export function readBatch(data: Buffer): string {
  const cursor = new Cursor(data);
  cursor.skipHeaders();
  return cursor.rest().toString('utf16le');
}

/** What a transaction manager request asks for ([MS-TDS] 2.2.6.9). */
export function readTransaction(data: Buffer): 'begin' | 'commit' | 'rollback' {
  const cursor = new Cursor(data);
  cursor.skipHeaders();
  const kind = ({ 5: 'begin', 7: 'commit', 8: 'rollback' } as const)[cursor.u16()];
  if (kind === undefined) throw new Error('an unknown transaction request');
  return kind;
}

const SP_EXECUTESQL = 10;

/** The statement of an RPC to sp_executesql ([MS-TDS] 2.2.6.6) with its parameters, by name without the `@`. */
export function readRpc(data: Buffer): Statement {
  const cursor = new Cursor(data);
  cursor.skipHeaders();
  if (cursor.u16() !== 0xffff || cursor.u16() !== SP_EXECUTESQL) throw new Error('no call of sp_executesql');
  cursor.u16(); // option flags
  const values: { readonly name: string; readonly value: string | number | Buffer }[] = [];
  while (!cursor.done) {
    const name = cursor.text(cursor.byte()).replace('@', '');
    cursor.byte(); // status flags
    values.push({ name, value: readValue(cursor) });
  }
  const [text, , ...parameters] = values;
  // The model that answers looks at the values only.
  const typed = parameters.map(({ name, value }) => [name, ['nvarchar(max)', value]] as const);
  return { text: String(text?.value), parameters: Object.fromEntries(typed) };
}

const [INTN, NVARCHAR, VARCHAR, VARBINARY] = [0x26, 0xe7, 0xa7, 0xa5];
const MAX = 0xffff;

/** TYPE_INFO and value of the types that the adapter sends. */
function readValue(cursor: Cursor): string | number | Buffer {
  const type = cursor.byte();
  if (type === INTN) {
    cursor.byte();
    const bytes = cursor.take(cursor.byte());
    return bytes.length === 8 ? Number(bytes.readBigInt64LE()) : bytes.readIntLE(0, bytes.length);
  }
  if (type !== NVARCHAR && type !== VARCHAR && type !== VARBINARY) throw new Error(`an unknown type ${type}`);
  const length = cursor.u16();
  if (type !== VARBINARY) cursor.take(5); // collation
  const bytes = length === MAX ? (readChunks(cursor) ?? Buffer.alloc(0)) : cursor.take(cursor.u16());
  if (type === VARBINARY) return bytes;
  return bytes.toString(type === NVARCHAR ? 'utf16le' : 'latin1');
}

const NO_VALUE = 0xffffffffffffffffn;

/** Partially length-prefixed bytes ([MS-TDS] 2.2.5.2.3); undefined for NULL. */
export function readChunks(cursor: Cursor): Buffer | undefined {
  // The whole length, or that it is unknown, or that there is no value.
  if (cursor.take(8).readBigUInt64LE() === NO_VALUE) return undefined;
  const chunks: Buffer[] = [];
  for (let length = cursor.u32(); length > 0; length = cursor.u32()) chunks.push(cursor.take(length));
  return Buffer.concat(chunks);
}
