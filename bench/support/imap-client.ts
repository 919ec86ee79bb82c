// A client that costs as little as possible, so that the server is what is measured: answers are counted and searched for the
// tagged line at their end, not kept.
import { once } from 'node:events';
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

const TAIL = 4096;

export class ImapClient {
  readonly #socket: Socket;
  #waiting:
    | { readonly wanted: Buffer; readonly resolve: (tail: string) => void; readonly reject: (error: Error) => void }
    | undefined;
  #tail: Buffer = Buffer.alloc(0);
  #count = 0;
  /** Octets received. */
  received = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    const ended = (error?: Error): void =>
      this.#waiting?.reject(error ?? new Error('the server closed the connection'));
    socket.on('error', ended);
    socket.on('close', () => ended());
  }

  /** Connected and greeted; over TLS, without checking the certificate, where asked for. */
  static async connect(port: number, tls = false): Promise<ImapClient> {
    const socket = tls
      ? connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false })
      : connectPlain({ host: '127.0.0.1', port });
    const client = new ImapClient(socket);
    await Promise.all([client.until('* OK'), once(socket, tls ? 'secureConnect' : 'connect')]);
    return client;
  }

  /** Sends a command and resolves with the end of its answer, the tagged line included; rejects where that is no OK. */
  async command(text: string | Uint8Array): Promise<string> {
    this.#count += 1;
    const tag = `t${this.#count}`;
    this.#socket.cork();
    this.#socket.write(`${tag} `);
    this.#socket.write(text);
    this.#socket.write('\r\n');
    this.#socket.uncork();
    const tail = await this.until(`${tag} `);
    const answer = tail.slice(tail.lastIndexOf(`${tag} `));
    if (!answer.startsWith(`${tag} OK`)) throw new Error(answer);
    return tail;
  }

  /** Sends several commands together; resolves with the end of the last one's answer, and rejects where that is no OK. */
  async commands(texts: readonly string[]): Promise<string> {
    const lines = texts.map((text) => {
      this.#count += 1;
      return `t${this.#count} ${text}\r\n`;
    });
    const tag = `t${this.#count} `;
    this.#socket.write(lines.join(''));
    const tail = await this.until(tag);
    const answer = tail.slice(tail.lastIndexOf(tag));
    if (!answer.startsWith(`${tag}OK`)) throw new Error(answer);
    return tail;
  }

  /** Sends octets as they are. */
  send(text: string): void {
    this.#socket.write(text);
  }

  /** Passes lines over until one is of this pattern. */
  async untilLine(pattern: RegExp): Promise<string> {
    for (;;) {
      const tail = await this.until('* ');
      if (pattern.test(tail)) return tail;
    }
  }

  /** Resolves with the end of what was received once it holds a whole line that begins with `wanted`. */
  until(wanted: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#waiting = { wanted: Buffer.from(wanted), resolve, reject };
      this.#look();
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.received += chunk.length;
    // A longer chunk cannot hold the end of a line that began before it and is looked for: those are short.
    this.#tail = chunk.length >= TAIL ? chunk : Buffer.concat([this.#tail, chunk]);
    this.#look();
    if (this.#tail.length > TAIL) this.#tail = Buffer.from(this.#tail.subarray(this.#tail.length - TAIL));
  }

  #look(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    const at = this.#tail.lastIndexOf(waiting.wanted);
    const begins = at === 0 || this.#tail[at - 1] === 10;
    if (at < 0 || !begins || this.#tail.indexOf(10, at) < 0) return;
    const tail = this.#tail.toString('latin1');
    this.#tail = Buffer.alloc(0);
    this.#waiting = undefined;
    waiting.resolve(tail);
  }
}
