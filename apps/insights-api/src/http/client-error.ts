import type { Socket } from 'node:net';
import type { ErrorResponse } from '@scorpiox/shared/contract';

interface Answer {
  readonly status: string;
  readonly code: string;
  readonly message: string;
}

const ANSWERS: Readonly<Record<string, Answer>> = {
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    code: 'too-slow',
    message: 'The request did not arrive in time.',
  },
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    code: 'too-large',
    message: "The request's header is too large.",
  },
};
const NO_HTTP: Answer = { status: '400 Bad Request', code: 'bad-request', message: 'This is not an HTTP request.' };

/**
 * Octets that are no HTTP, or a request that never ended, come to no route: answered here, in the shape of every error.
 */
export function answerClientError(error: { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, code, message } = ANSWERS[error.code ?? ''] ?? NO_HTTP;
  const body = JSON.stringify({ error: { code, message } } satisfies ErrorResponse);
  const headers = `content-type: application/json; charset=utf-8\r\ncontent-length: ${body.length}\r\nconnection: close`;
  socket.end(`HTTP/1.1 ${status}\r\n${headers}\r\n\r\n${body}`);
}
