import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';

/** A request as the server got it. */
export interface Received {
  readonly path: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly events: readonly { readonly id: string; readonly [field: string]: unknown }[];
}

export type Answer = (response: ServerResponse, request: Received) => void;

/** The API's answer when all is well. */
export const accept: Answer = (response, { events }) => {
  const body = { received: events.length, accepted: events.length, duplicates: 0, errors: [] };
  response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
};

/** An answer with this status and these headers. */
export const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(code, headers).end();

/** A real HTTP server that answers by a list, and as the API does when the list is over. */
export class IngestServer {
  readonly requests: Received[] = [];
  readonly answers: Answer[];
  /** Requests that are under way, and the most there ever were. */
  open = 0;
  mostOpen = 0;
  readonly #server = createServer((request, response) => void this.#handle(request, response));
  readonly #watchers: (() => void)[] = [];

  constructor(...answers: Answer[]) {
    this.answers = answers;
    onTestFinished(() => this.stop());
  }

  async start(port = 0): Promise<this> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  get port(): number {
    // A server that listens on a host has an AddressInfo.
    return (this.#server.address() as AddressInfo).port;
  }

  get connectionString(): string {
    return connectionString(this.port);
  }

  /** Waits for the request of this number, from 1. */
  async request(number: number): Promise<Received> {
    for (;;) {
      const found = this.requests[number - 1];
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#watchers.push(resolve));
    }
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.open++;
    this.mostOpen = Math.max(this.mostOpen, this.open);
    response.on('close', () => this.open--);
    const body = await buffer(request);
    const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('utf8');
    const events = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const received = { path: request.url, headers: request.headers, events };
    this.requests.push(received);
    for (const watcher of this.#watchers.splice(0)) watcher();
    (this.answers.shift() ?? accept)(response, received);
  }
}

export const KEY = '2f1c0f2e-0000-4000-8000-000000000001';
export const connectionString = (port: number): string =>
  `InstrumentationKey=${KEY};IngestionEndpoint=http://127.0.0.1:${port}/`;
