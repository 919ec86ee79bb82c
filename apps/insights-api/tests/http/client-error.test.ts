import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { answerClientError } from '../../src/http/client-error.ts';

/** What the server answers to these octets before it closes the connection. */
async function answerTo(octets: string): Promise<string> {
  const server = createServer().on('clientError', answerClientError).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  // It listens on TCP, so its address is one.
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.end(octets);
  let text = '';
  for await (const chunk of socket) text += chunk;
  return text;
}

test.each([
  ['octets that are no HTTP', '\x16\x03\x01\x00\r\n\r\n', 'HTTP/1.1 400', 'bad-request'],
  ['a header without end', `GET / HTTP/1.1\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`, 'HTTP/1.1 431', 'too-large'],
])('%s are answered in the shape of every error', async (_, octets, status, code) => {
  const answer = await answerTo(octets);
  expect(answer).toContain(status);
  expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toEqual({ error: { code, message: expect.any(String) } });
});
