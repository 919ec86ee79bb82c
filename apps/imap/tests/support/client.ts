/** An IMAP client for tests: sends what it is told and hands out responses whole, literals in place. */
import { readFileSync } from 'node:fs';
import { connect as connectTcp, type Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { constants, createDeflateRaw, createInflateRaw } from 'node:zlib';

export interface Reply {
  /** Untagged responses, without their line end. */
  readonly untagged: readonly string[];
  /** The tagged response without its tag: `OK done`. */
  readonly result: string;
}

export class Client {
  #socket: Socket;
  #out: Writable;
  #buffer = Buffer.alloc(0);
  #ended = false;
  #wake: () => void = () => {};
  #unlisten: () => void = () => {};
  #tags = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#out = socket;
    this.#listen();
  }

  static async overTls(port: number, caFile: string): Promise<Client> {
    const socket = connectTls({ port, host: '127.0.0.1', servername: 'localhost', ca: readFileSync(caFile) });
    await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
    return new Client(socket);
  }

  static async plain(port: number): Promise<Client> {
    const socket = connectTcp({ port, host: '127.0.0.1' });
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new Client(socket);
  }

  get socket(): Socket {
    return this.#socket;
  }

  send(octets: string | Uint8Array): void {
    this.#out.write(typeof octets === 'string' ? Buffer.from(octets, 'latin1') : octets);
  }

  /** The next response with its literals, without the last line end; undefined at the end of the connection. */
  async line(): Promise<string | undefined> {
    for (;;) {
      const end = endOfResponse(this.#buffer);
      if (end !== -1) {
        const line = this.#buffer.subarray(0, end - 2).toString('latin1');
        this.#buffer = this.#buffer.subarray(end);
        return line;
      }
      if (this.#ended) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Responses up to the one that starts so, that one included. */
  async until(start: string): Promise<string[]> {
    const lines: string[] = [];
    for (;;) {
      const line = await this.line();
      if (line === undefined) throw new Error(`The connection ended before "${start}": ${lines.join(' | ')}`);
      lines.push(line);
      if (line.startsWith(start)) return lines;
    }
  }

  /** Sends a command and waits for its end. */
  async command(text: string): Promise<Reply> {
    this.#tags += 1;
    const tag = `t${this.#tags}`;
    this.send(`${tag} ${text}\r\n`);
    return this.reply(tag);
  }

  /** The rest of a command that was sent. */
  async reply(tag: string): Promise<Reply> {
    const lines = await this.until(`${tag} `);
    const last = lines.pop() ?? '';
    return { untagged: lines, result: last.slice(tag.length + 1) };
  }

  /** A command that has to succeed; its untagged responses. */
  async ok(text: string): Promise<readonly string[]> {
    const { untagged, result } = await this.command(text);
    if (!result.startsWith('OK')) throw new Error(`${text}: ${result}`);
    return untagged;
  }

  /** Puts a message into a mailbox. */
  async append(mailbox: string, message: string, flags = ''): Promise<string> {
    const { result } = await this.command(`APPEND ${mailbox} ${flags}{${message.length}+}\r\n${message}`);
    return result;
  }

  /** Turns TLS on after STARTTLS was answered. */
  async secure(caFile: string): Promise<void> {
    this.#socket.removeAllListeners();
    const socket = connectTls({ socket: this.#socket, servername: 'localhost', ca: readFileSync(caFile) });
    await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
    this.#socket = socket;
    this.#out = socket;
    this.#listen();
  }

  /** Compresses either way after COMPRESS was answered. Returns the responses, which are read here as well. */
  deflate(): Readable {
    const flush = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };
    const deflate = createDeflateRaw(flush);
    const inflate = createInflateRaw(flush);
    this.#socket.removeAllListeners('data');
    this.#unlisten(); // the end is the inflater's, which may still be at work when the socket's has come
    this.#socket.on('close', () => inflate.end());
    inflate.write(this.#buffer);
    this.#buffer = Buffer.alloc(0);
    this.#socket.pipe(inflate);
    deflate.pipe(this.#socket);
    this.#out = deflate;
    this.#listen(inflate);
    return inflate;
  }

  /** Nothing more will be sent. */
  finish(): void {
    this.#out.end();
  }

  close(): void {
    this.#socket.destroy();
  }

  #listen(source: Readable = this.#socket): void {
    const end = () => {
      this.#ended = true;
      this.#wake();
    };
    source.on('data', (chunk: Buffer) => {
      this.#buffer = Buffer.concat([this.#buffer, chunk]);
      this.#wake();
    });
    source.on('end', end).on('close', end).on('error', end);
    this.#unlisten = () => source.off('end', end).off('close', end);
  }
}

/** The offset after the first whole response, or -1. */
function endOfResponse(buffer: Buffer): number {
  let start = 0;
  for (;;) {
    const end = buffer.indexOf('\r\n', start);
    if (end === -1) return -1;
    const literal = /\{(\d+)\}$/.exec(buffer.toString('latin1', Math.max(start, end - 20), end));
    if (literal === null) return end + 2;
    start = end + 2 + Number(literal[1]);
    if (start > buffer.length) return -1;
  }
}
