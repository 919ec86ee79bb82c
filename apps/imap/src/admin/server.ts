/**
 * The operator's HTTP port. Small requests and answers, from programs of this machine; so every bound is tight, and a
 * client that dawdles is cut off. What is asked for is in routes.ts, who may ask in guard.ts.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { ADMIN } from '../limits.ts';
import { type Answer, failure } from './answer.ts';
import { sentAway, withoutToken } from './guard.ts';
import type { Operator } from './operator.ts';
import { type Match, matches } from './routes.ts';
import type { Token } from './token.ts';

const HOST = '127.0.0.1';

/** The log, as far as it is needed here. */
export interface AdminLog {
  /** Somebody asked for something to be done, or was sent away. */
  asked(request: { readonly method: string; readonly path: string; readonly status: number }): void;
  trouble(error: unknown): void;
}

export interface AdminOptions {
  /** 0 takes any free port. */
  readonly port: number;
  readonly token: Token;
  readonly operator: Operator;
  readonly log: AdminLog;
}

export class AdminServer {
  readonly #options: AdminOptions;
  readonly #server: Server;

  constructor(options: AdminOptions) {
    this.#options = options;
    this.#server = createServer(
      {
        maxHeaderSize: ADMIN.header,
        headersTimeout: ADMIN.request,
        requestTimeout: ADMIN.request,
        keepAliveTimeout: ADMIN.keepAlive,
        connectionsCheckingInterval: ADMIN.check,
      },
      (request, response) => void this.#serve(request, response),
    );
    this.#server.maxConnections = ADMIN.connections;
    // For those who do not take their answer: nothing else lasts that long without an octet.
    this.#server.setTimeout(ADMIN.stalled, (socket) => socket.destroy());
    this.#server.on('clientError', answerClientError);
  }

  /** Listens; resolves with the port. Rejects as `listen` does. */
  start(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#options.port, HOST, () => {
        const address = this.#server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : this.#options.port);
      });
    });
  }

  /** Accepts no more, lets answers end that were begun, and hangs up on all. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    const impatience = setTimeout(() => this.#server.closeAllConnections(), ADMIN.request);
    await closed;
    clearTimeout(impatience);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.on('error', () => response.destroy()); // the client went away
    const answer = await this.#answer(request).catch((error: unknown) => {
      this.#options.log.trouble(error);
      return failure(500, 'internal', 'Something went wrong in the server; it has been noted.');
    });
    const { method = '', url = '' } = request;
    if (
      method !== 'GET' && method !== 'HEAD' ? answer.status !== 404 : answer.status === 403 || answer.status === 401
    ) {
      this.#options.log.asked({ method, path: pathOf(url).slice(0, 100), status: answer.status });
    }
    send(request, response, answer);
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const { host, origin, authorization } = request.headers;
    const credentials = { host, origin, authorization };
    const refused = sentAway(credentials);
    if (refused !== undefined) return refused;
    const found = matches(pathOf(request.url ?? ''));
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const match = found.find(({ route }) => route.method === method);
    const stranger = match?.route.open === true ? undefined : withoutToken(credentials, this.#options.token);
    if (stranger !== undefined) return stranger;
    return match === undefined ? nothingThere(found) : this.#run(match, request);
  }

  async #run({ route, id }: Match, request: IncomingMessage): Promise<Answer> {
    const body = route.method === 'POST' ? await readJson(request) : { value: undefined };
    if ('status' in body) return body;
    const query = new URLSearchParams(request.url?.split('?', 2)[1]);
    return route.answer({ operator: this.#options.operator, id, query, body: body.value });
  }
}

const pathOf = (url: string): string => url.split('?', 1)[0] ?? '';

function nothingThere(found: readonly Match[]): Answer {
  if (found.length === 0) return failure(404, 'not-found', 'There is nothing there.');
  const allow = found.map(({ route }) => (route.method === 'GET' ? 'GET, HEAD' : route.method)).join(', ');
  return failure(405, 'method-not-allowed', `Only ${allow} can be asked of that.`, { allow });
}

/** The body as JSON; undefined where it is empty. */
async function readJson(request: IncomingMessage): Promise<{ readonly value: unknown } | Answer> {
  const octets = await readBody(request);
  if (octets === undefined) return failure(413, 'too-large', `At most ${ADMIN.body} octets can be sent.`);
  if (octets.length === 0) return { value: undefined };
  try {
    return { value: JSON.parse(octets.toString('utf8')) };
  } catch {
    return failure(400, 'bad-request', 'The body is not JSON.');
  }
}

/** Undefined where it is larger than may be; then it is not read to its end. */
function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= ADMIN.body) chunks.push(chunk);
      else resolve(undefined);
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
  });
}

function send(request: IncomingMessage, response: ServerResponse, { status, body, type, headers }: Answer): void {
  const text = Buffer.from(type === undefined ? `${JSON.stringify(body)}\n` : String(body));
  response.writeHead(status, {
    'content-type': type ?? 'application/json; charset=utf-8',
    'content-length': text.length,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
    // What is left of a body that was not read is not to be taken for another request.
    ...(request.complete ? {} : { connection: 'close' }),
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}

const CLIENT_ERRORS: Readonly<Record<string, { readonly line: string; readonly answer: Answer }>> = {
  ERR_HTTP_REQUEST_TIMEOUT: {
    line: '408 Request Timeout',
    answer: failure(408, 'too-slow', 'The request did not arrive in time.'),
  },
  HPE_HEADER_OVERFLOW: {
    line: '431 Request Header Fields Too Large',
    answer: failure(431, 'too-large', "The request's header is too large."),
  },
};
const NO_HTTP = { line: '400 Bad Request', answer: failure(400, 'bad-request', 'This is not an HTTP request.') };

/** Octets that are no HTTP, or a request that never ended. */
function answerClientError(error: { readonly code?: string }, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { line, answer } = CLIENT_ERRORS[error.code ?? ''] ?? NO_HTTP;
  const body = `${JSON.stringify(answer.body)}\n`;
  const headers = `content-type: application/json; charset=utf-8\r\ncontent-length: ${body.length}\r\nconnection: close`;
  socket.end(`HTTP/1.1 ${line}\r\n${headers}\r\n\r\n${body}`, () => socket.destroy());
}
