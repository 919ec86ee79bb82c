/** The operator's port over real sockets: who is let in, and what is answered. */
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Operator, SessionReport, StartedTrace, TraceReport, TraceRequest } from '../../src/admin/operator.ts';
import { AdminServer } from '../../src/admin/server.ts';
import { Token } from '../../src/admin/token.ts';
import { ADMIN, TRACE } from '../../src/limits.ts';

const TOKEN = 'a-token-of-more-than-thirty-two-characters';
const session: SessionReport = {
  id: 'b3b1f2d0-0000-4000-8000-000000000000',
  protocol: 'imap',
  pid: 1,
  user: 'alice',
  address: '127.0.0.1',
  tls: { protocol: 'TLSv1.3', cipher: 'X' },
  compressed: false,
  state: 'selected',
  mailbox: 'INBOX',
  command: { name: 'FETCH', ageMs: 12 },
  heldOctets: 3,
  waitingOctets: 0,
  stalledMs: null,
  quietMs: 4,
  connectedMs: 5,
  client: null,
};

const traceOf = ({ id, subject }: TraceRequest): TraceReport => ({
  id,
  subject,
  startedAt: '2026-01-01T00:00:00.000Z',
  endsAt: '2026-01-01T00:10:00.000Z',
  ended: null,
  files: [],
});

let ready: boolean;
let kicked: string[];
let cursors: unknown[];
let asked: unknown[];
let troubles: unknown[];
let reload: () => ReturnType<Operator['reload']>;
let requests: TraceRequest[];
let started: (request: TraceRequest) => StartedTrace;
let server: AdminServer;
let port: number;

beforeEach(async () => {
  ready = true;
  kicked = [];
  cursors = [];
  asked = [];
  troubles = [];
  requests = [];
  started = (request) => ({ ok: true, trace: traceOf(request) });
  reload = async () => ({ ok: true, certificate: { sha256: 'AA', names: 'x', validTo: 'y' } });
  const operator: Operator = {
    ready: async () => ready,
    sessions: async () => ({ sessions: [session], missing: [] }),
    kick: async (id) => {
      kicked.push(id);
      if (id === 'silent') return 'unanswered';
      return id === session.id ? 'kicked' : 'no-such-session';
    },
    reload: () => reload(),
    startTrace: async (request) => {
      requests.push(request);
      return started(request);
    },
    stopTrace: async (id) =>
      id === 'one' ? traceOf({ id, subject: { user: 'x' }, minutes: 1, octets: 1 }) : undefined,
    traces: async () => [],
    logs: async (after) => {
      cursors.push(after);
      return { lines: [{ time: 1, level: 30, msg: 'x' }], next: 'b.2', missed: 0, missing: [], level: 'info' };
    },
    metrics: async () => [
      { type: 'counter', name: 'c_total', help: 'c', together: 'sum', series: [{ labels: {}, value: 7 }] },
    ],
  };
  const log = { asked: (one: unknown) => asked.push(one), trouble: (error: unknown) => troubles.push(error) };
  server = new AdminServer({ port: 0, token: new Token(TOKEN), operator, log });
  port = await server.start();
});
afterEach(() => server.stop());

interface Reply {
  readonly status: number | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

async function ask(
  line: string,
  headers: Record<string, string> = { authorization: `Bearer ${TOKEN}` },
  body?: string,
): Promise<Reply> {
  const [method = '', path = ''] = line.split(' ');
  const asking = request({ port, host: '127.0.0.1', method, path, headers });
  asking.end(body);
  const [response] = await once(asking, 'response');
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  await once(response, 'end');
  return { status: response.statusCode, headers: response.headers, body: text };
}

const codeOf = ({ body }: Reply) => JSON.parse(body).error.code;

describe('who may ask', () => {
  test.each([
    'GET /metrics',
    'GET /sessions',
    'GET /logs',
    `POST /sessions/${session.id}/kick`,
    'POST /reload',
    'GET /nothing',
  ])('%s needs the token', async (line) => {
    for (const authorization of [undefined, 'Bearer wrong', `Basic ${TOKEN}`, TOKEN, `Bearer ${TOKEN}x`, 'Bearer ']) {
      const reply = await ask(line, authorization === undefined ? {} : { authorization });
      expect([reply.status, codeOf(reply)]).toEqual([401, 'unauthorized']);
      expect(reply.headers['www-authenticate']).toMatch(/^Bearer/);
      expect(reply.body).not.toContain(TOKEN);
    }
    expect(kicked).toEqual([]);
  });

  test('probes need none', async () => {
    expect((await ask('GET /healthz', {})).status).toBe(200);
    expect((await ask('GET /readyz', {})).status).toBe(200);
    ready = false;
    expect((await ask('GET /healthz', {})).status).toBe(200);
    const draining = await ask('GET /readyz', {});
    expect([draining.status, codeOf(draining)]).toEqual([503, 'unavailable']);
  });

  test.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '127.0.0.2',
    'localhost:1:2',
    '[::2]',
  ])('a name that is not this machine: %s', async (host) => {
    for (const line of ['GET /healthz', 'GET /sessions']) {
      const reply = await ask(line, { host, authorization: `Bearer ${TOKEN}` });
      expect([reply.status, codeOf(reply)]).toEqual([403, 'forbidden']);
    }
  });

  test.each(['localhost', 'LOCALHOST:9', '127.0.0.1:1180', '[::1]:1180', '[::1]'])('this machine: %s', async (host) => {
    expect((await ask('GET /sessions', { host, authorization: `Bearer ${TOKEN}` })).status).toBe(200);
  });

  test.each(['http://localhost', 'null', ''])('no browser: Origin %j', async (origin) => {
    const reply = await ask('GET /sessions', { origin, authorization: `Bearer ${TOKEN}` });
    expect([reply.status, codeOf(reply)]).toEqual([403, 'forbidden']);
  });

  test('who is turned away and what is done is noted, without the token', async () => {
    await ask('GET /sessions', { authorization: 'Bearer guess' });
    await ask('GET /sessions');
    await ask('POST /reload?token=guess');
    expect(asked).toEqual([
      { method: 'GET', path: '/sessions', status: 401 },
      { method: 'POST', path: '/reload', status: 200 },
    ]);
  });
});

describe('what is answered', () => {
  test('sessions', async () => {
    const { status, headers, body } = await ask('GET /sessions');
    expect(status).toBe(200);
    expect(headers).toMatchObject({ 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
    expect(JSON.parse(body)).toEqual({ sessions: [session], missing: [] });
  });

  test('logs, from a place on', async () => {
    const { status, body } = await ask('GET /logs');
    expect([status, JSON.parse(body).lines]).toEqual([200, [{ time: 1, level: 30, msg: 'x' }]]);
    await ask('GET /logs?after=0123abcd.17-89abcdef.4');
    await ask('GET /logs?after=');
    const bad = await ask('GET /logs?after=0123abcd');
    expect([bad.status, codeOf(bad)]).toEqual([400, 'bad-request']);
    expect(cursors).toEqual([undefined, { '0123abcd': 17, '89abcdef': 4 }, {}]);
  });

  test('a kick of somebody, and of nobody', async () => {
    expect((await ask(`POST /sessions/${session.id}/kick`)).status).toBe(200);
    const nobody = await ask('POST /sessions/other/kick');
    expect([nobody.status, codeOf(nobody)]).toEqual([404, 'not-found']);
    const silent = await ask('POST /sessions/silent/kick');
    expect([silent.status, codeOf(silent)]).toEqual([503, 'unavailable']);
    expect(kicked).toEqual([session.id, 'other', 'silent']);
  });

  test('a reload, and one that is refused', async () => {
    expect(JSON.parse((await ask('POST /reload')).body)).toMatchObject({ certificate: { sha256: 'AA' } });
    reload = async () => ({ ok: false, why: 'bad-certificate', message: 'No.' });
    const refused = await ask('POST /reload');
    expect(refused.status).toBe(422);
    expect(JSON.parse(refused.body)).toEqual({ error: { code: 'bad-certificate', message: 'No.' } });
    reload = async () => ({ ok: false, why: 'unanswered', message: 'Worker 2 does not answer.' });
    const silent = await ask('POST /reload');
    expect([silent.status, codeOf(silent)]).toEqual([503, 'unavailable']);
  });

  test('metrics as Prometheus wants them', async () => {
    const { headers, body } = await ask('GET /metrics');
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(body).toBe('# HELP c_total c\n# TYPE c_total counter\nc_total 7\n');
    const head = await ask('HEAD /metrics');
    expect([head.status, head.body, head.headers['content-length']]).toEqual([200, '', String(body.length)]);
  });

  test.each([
    ['GET /', 404, 'not-found'],
    ['GET /sessions/a/b/kick', 404, 'not-found'],
    ['POST /sessions//kick', 404, 'not-found'],
    ['POST /sessions/..%2f/kick', 404, 'not-found'],
    ['DELETE /sessions', 405, 'method-not-allowed'],
    [`GET /sessions/${session.id}/kick`, 405, 'method-not-allowed'],
  ])('%s is %d', async (line, status, code) => {
    const reply = await ask(line);
    expect([reply.status, codeOf(reply)]).toEqual([status, code]);
  });

  test('a fault is noted, and says nothing of itself', async () => {
    reload = () => Promise.reject(new Error('secret'));
    const reply = await ask('POST /reload');
    expect([reply.status, codeOf(reply)]).toEqual([500, 'internal']);
    expect(reply.body).not.toContain('secret');
    expect(troubles).toHaveLength(1);
  });
});

describe('traces', () => {
  const start = (body: unknown) => ask('POST /traces', { authorization: `Bearer ${TOKEN}` }, JSON.stringify(body));

  test('are started, listed and stopped', async () => {
    const reply = await start({ user: 'Alice@Example.net', minutes: 3 });
    expect(reply.status).toBe(201);
    expect(JSON.parse(reply.body).trace).toMatchObject({ id: requests[0]?.id, ended: null });
    await start({ session: session.id, octets: 8192 });
    expect(requests).toMatchObject([
      { subject: { user: 'alice@example.net' }, minutes: 3, octets: TRACE.octets.usual },
      { subject: { session: session.id }, minutes: TRACE.minutes.usual, octets: 8192 },
    ]);
    expect(JSON.parse((await ask('GET /traces')).body)).toEqual({ traces: [] });
    expect((await ask('DELETE /traces/one')).status).toBe(200);
    expect((await ask('DELETE /traces/two')).status).toBe(404);
  });

  test.each([
    [undefined],
    [[]],
    [{}],
    [{ user: 'a', session: 'b' }],
    [{ user: '../x' }],
    [{ user: 7 }],
    [{ user: 'a', minutes: 0 }],
    [{ user: 'a', minutes: 1.5 }],
    [{ user: 'a', minutes: TRACE.minutes.most + 1 }],
    [{ user: 'a', octets: 1 }],
    [{ user: 'a', hours: 1 }],
  ])('%j is refused', async (body) => {
    const reply = await start(body);
    expect([reply.status, codeOf(reply)]).toEqual([400, 'bad-request']);
    expect(requests).toEqual([]);
  });

  test.each([
    ['no-such-session', 404],
    ['too-many', 429],
    ['unwritable', 503],
  ] as const)('%s is %d', async (why, status) => {
    started = () => ({ ok: false, why });
    expect((await start({ user: 'a' })).status).toBe(status);
  });
});

describe('bounds', () => {
  test('a body that is too large, or no JSON', async () => {
    const authorization = `Bearer ${TOKEN}`;
    const large = await ask('POST /reload', { authorization }, 'x'.repeat(ADMIN.body + 1));
    expect([large.status, codeOf(large)]).toEqual([413, 'too-large']);
    const bad = await ask('POST /reload', { authorization }, '{');
    expect([bad.status, codeOf(bad)]).toEqual([400, 'bad-request']);
  });

  test.each([
    ['a header without end', `GET / HTTP/1.1\r\nhost: localhost\r\nx: ${'x'.repeat(ADMIN.header)}\r\n\r\n`, '431'],
    ['what is no HTTP', 'a1 LOGIN x y\r\n', '400'],
  ])('%s', async (_, text, status) => {
    const socket = connect(port, '127.0.0.1');
    let said = '';
    socket.on('data', (chunk) => {
      said += chunk.toString();
    });
    socket.on('error', () => {});
    socket.write(text);
    await once(socket, 'close');
    expect(said).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(said).toMatch(/\{"error":\{"code":/);
  });

  test('a request that never ends is cut off', async () => {
    const socket = connect(port, '127.0.0.1');
    let said = '';
    socket.on('data', (chunk) => {
      said += chunk.toString();
    });
    socket.write(
      `POST /reload HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${TOKEN}\r\ncontent-length: 9\r\n\r\n{`,
    );
    await once(socket, 'close');
    expect(said).toMatch(/^HTTP\/1.1 408 /);
  });

  test('stopping ends connections that wait', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.write('GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n');
    await once(socket, 'data');
    const closed = once(socket, 'close');
    await server.stop();
    await closed;
  });
});
