// Makes the load of bench/ingest, in a process of its own: bodies are ready before it starts, sockets are kept, and of an
// answer only the status and the length are read.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { BATCH, FORMATS } from '../ingest/bodies.ts';
import type { Load, LoadMessage, LoadResult } from '../ingest/load-protocol.ts';

/** Events a second by which the times of prepared batches are spread, from so many seconds ago. */
const PREPARED_PER_SECOND = 30_000;
const LEAD_SECONDS = 60;

/** Gives the request that sends a batch; valid until it is asked again. */
type NextRequest = (number: number) => Buffer;

function requestsOf(load: Load, key: string, numbers: readonly number[]): NextRequest {
  const { path, contentType, make } = FORMATS[load.format];
  const second = () => Math.floor(Date.now() / 1000) - 1;
  const head = (length: number, encoding: string) =>
    Buffer.from(
      `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${key}\r\nContent-Type: ${contentType}\r\n${encoding}Content-Length: ${length}\r\n\r\n`,
    );
  const template = make(key);
  if (load.gzip) {
    // Compressing costs more than all the rest of a sender: it is done before the load begins. Their times still ascend
    // as they are sent: a batch from a second that has passed costs the database far more.
    const first = second() - LEAD_SECONDS;
    const packed = new Map(
      numbers.map((number) => {
        template.renew(number, first + Math.floor(((number - load.from) * BATCH) / PREPARED_PER_SECOND));
        const body = gzipSync(template.octets);
        return [number, Buffer.concat([head(body.length, 'Content-Encoding: gzip\r\n'), body])];
      }),
    );
    return (number) => packed.get(number) ?? Buffer.alloc(0);
  }
  const before = head(template.octets.length, '');
  const request = Buffer.concat([before, template.octets]);
  return (number) => {
    template.renew(number, second());
    template.octets.copy(request, before.length);
    return request;
  };
}

class Connection {
  readonly #socket: Socket;
  #answer: PromiseWithResolvers<number> | undefined;
  #received = '';

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (data: Buffer) => this.#read(data));
    socket.on('close', () => this.#answer?.reject(new Error('the connection was closed')));
    socket.on('error', (error) => this.#answer?.reject(error));
  }

  static async open(port: number): Promise<Connection> {
    const socket = connect({ port, host: '127.0.0.1' });
    await once(socket, 'connect');
    return new Connection(socket);
  }

  /** Sends a request and gives its answer's status. */
  send(request: Buffer): Promise<number> {
    this.#answer = Promise.withResolvers();
    this.#socket.write(request);
    return this.#answer.promise;
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(data: Buffer): void {
    this.#received += data.toString('latin1');
    const end = this.#received.indexOf('\r\n\r\n');
    if (end === -1) return;
    const length = Number(/content-length: (\d+)/i.exec(this.#received)?.[1] ?? 0);
    if (this.#received.length < end + 4 + length) return;
    const status = Number(this.#received.slice(9, 12));
    this.#received = '';
    this.#answer?.resolve(status);
  }
}

/** Batch numbers by connection: dealt like cards, so that every application has its part of each moment. */
const dealt = ({ connections, batches, from }: Load): readonly (readonly number[])[] =>
  Array.from({ length: connections }, (_, at) =>
    Array.from({ length: Math.ceil((batches - at) / connections) }, (_, turn) => from + at + turn * connections),
  );

async function run(load: Load): Promise<LoadResult> {
  const { port, keys, connections, pace } = load;
  const numbers = dealt(load);
  const requests = numbers.map((own, at) => requestsOf(load, keys[at % keys.length] ?? '', own));
  const sockets = await Promise.all(Array.from({ length: connections }, () => Connection.open(port)));
  const waits: number[] = [];
  let refused = 0;
  const before = process.cpuUsage();
  const start = performance.now();
  const due = (number: number) => start + ((number - load.from) * BATCH * 1000) / (pace ?? Number.POSITIVE_INFINITY);
  await Promise.all(
    sockets.map(async (socket, at) => {
      for (const number of numbers[at] ?? []) {
        const early = due(number) - performance.now();
        if (early > 1) await sleep(early);
        const sent = pace === undefined ? performance.now() : Math.min(due(number), performance.now());
        const status = await socket.send(requests[at]?.(number) ?? Buffer.alloc(0));
        waits.push(performance.now() - sent);
        if (status !== 200) refused += 1;
      }
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  for (const socket of sockets) socket.close();
  const bytes = requests[0]?.(load.from).length ?? 0;
  return { seconds, waits: waits.sort((a, b) => a - b), processor: (user + system) / 1000, refused, bytes };
}

// Its parent sends nothing but loads, one after the other.
process.on('message', async (load: Load) => {
  let message: LoadMessage;
  try {
    message = { ok: await run(load) };
  } catch (error) {
    message = { error: error instanceof Error ? error.message : String(error) };
  }
  process.send?.(message);
});
