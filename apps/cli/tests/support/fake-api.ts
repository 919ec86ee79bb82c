import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { EventRecord, EventsResponse } from '@scorpiox/shared/contract';
import { onTestFinished } from 'vitest';

/** What an API is asked, and how it answers: with a body as JSON, or by itself. */
export type Answer = (url: URL, request: IncomingMessage, response: ServerResponse) => object | undefined;

export interface FakeApi {
  /** For a command: it is named, with a token. */
  readonly env: Readonly<Record<string, string>>;
  readonly port: number;
  /** What was asked, as `GET /api/events?q=…`. */
  readonly asked: string[];
}

/** A server on loopback in the place of the API; it is gone with the test. `status` of an object: that of the answer. */
export async function fakeApi(answer: Answer): Promise<FakeApi> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const body = answer(new URL(request.url ?? '/', 'http://api'), request, response);
    if (body === undefined) return;
    const { status = 200, ...rest } = body as { status?: number };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(rest));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  const { port } = address;
  return { env: { SCORPIOX_URL: `http://127.0.0.1:${port}`, SCORPIOX_TOKEN: 'sxt_test' }, port, asked };
}

export const refusing = (status: number, error: object): Answer => {
  return () => ({ status, error: { code: 'x', message: 'No.', ...error } });
};

/** An event as the API gives it. */
export const record = (more: Partial<EventRecord> = {}): EventRecord => ({
  app: 'shop',
  time: '2026-11-20T12:00:00.123456Z',
  hash: '0'.repeat(32),
  kind: 'request',
  name: 'GET /cart',
  durationMs: 12.5,
  success: true,
  code: '200',
  count: 1,
  receivedAt: '2026-11-20T12:00:01.000Z',
  ...more,
});

/** A page of a search. */
export const page = (events: readonly EventRecord[], more: Partial<EventsResponse> = {}): EventsResponse => ({
  events: [...events],
  nextCursor: null,
  from: '2026-11-20T11:00:00.000Z',
  to: '2026-11-20T12:00:00.000Z',
  now: '2026-11-20T12:00:00.000Z',
  scanned: events.length,
  partial: null,
  notes: [],
  ...more,
});
