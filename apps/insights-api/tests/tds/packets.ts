import type { Socket } from 'node:net';

/** Types of messages ([MS-TDS] 2.2.3.1.1). */
export const MESSAGE = {
  batch: 0x01,
  rpc: 0x03,
  answer: 0x04,
  attention: 0x06,
  bulk: 0x07,
  transaction: 0x0e,
  login: 0x10,
  prelogin: 0x12,
};

const HEADER = 8;
const END_OF_MESSAGE = 0x01;
const PACKET = 4096;

export interface Message {
  readonly type: number;
  readonly data: Buffer;
}

/** Puts packets together: hands out whole messages. */
export class MessageReader {
  #bytes = Buffer.alloc(0);
  #data: Buffer[] = [];

  /** The type of a message of which some packets are here and others are not. */
  begun: number | undefined;

  push(piece: Buffer): readonly Message[] {
    this.#bytes = Buffer.concat([this.#bytes, piece]);
    const messages: Message[] = [];
    while (this.#bytes.length >= HEADER && this.#bytes.length >= this.#bytes.readUInt16BE(2)) {
      const length = this.#bytes.readUInt16BE(2);
      const [type = 0, status = 0] = this.#bytes;
      this.#data.push(this.#bytes.subarray(HEADER, length));
      this.#bytes = this.#bytes.subarray(length);
      this.begun = (status & END_OF_MESSAGE) === 0 ? type : undefined;
      if (this.begun !== undefined) continue;
      messages.push({ type, data: Buffer.concat(this.#data) });
      this.#data = [];
    }
    return messages;
  }
}

/** Writes one message in packets. */
export function writeMessage(socket: Socket, data: Buffer): void {
  const most = PACKET - HEADER;
  const count = Math.max(1, Math.ceil(data.length / most));
  for (let index = 0; index < count; index += 1) {
    const part = data.subarray(index * most, (index + 1) * most);
    const header = Buffer.alloc(HEADER);
    header[0] = MESSAGE.answer;
    header[1] = index === count - 1 ? END_OF_MESSAGE : 0;
    header.writeUInt16BE(part.length + HEADER, 2);
    header[6] = (index + 1) & 0xff;
    socket.write(Buffer.concat([header, part]));
  }
}
