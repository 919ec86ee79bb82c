import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { isInternal } from '../../src/alerts/webhook/addresses.ts';
import { postWebhook } from '../../src/alerts/webhook/send.ts';

test.each([
  '127.0.0.1',
  '10.1.2.3',
  '172.31.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '224.0.0.1',
  '255.255.255.255',
  '198.18.0.1',
  '::1',
  '::',
  'fe80::1',
  'fe80::1%eth0',
  'fc00::1',
  'fd12::1',
  'ff02::1',
  '::ffff:8.8.8.8',
  '::ffff:10.0.0.1',
  '64:ff9b::a00:1',
  '2002:a00:1::',
  '2001:0:1::1',
  '2001:db8::1',
  'no address',
  '',
])('%s is internal', (address) => {
  expect(isInternal(address)).toBe(true);
});

test.each([
  '8.8.8.8',
  '1.1.1.1',
  '172.32.0.1',
  '100.128.0.1',
  '2606:4700::1111',
  '2a00:1450::1',
])('%s is not', (address) => {
  expect(isInternal(address)).toBe(false);
});

interface Site {
  readonly port: number;
  readonly requests: {
    readonly url: string | undefined;
    readonly body: string;
    readonly headers: IncomingMessage['headers'];
  }[];
  readonly server: Server;
}

/** A site on this machine that answers as told; it is gone with the test. */
async function site(status: number, headers: Record<string, string> = {}): Promise<Site> {
  const requests: Site['requests'] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    requests.push({ url: request.url, body, headers: request.headers });
    response.writeHead(status, headers).end('x'.repeat(200_000));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  // A server that listens on TCP has an address of this kind.
  return { server, requests, port: (server.address() as AddressInfo).port };
}

const message = { id: 'id-1', json: '{"a":1}' };
const signal = () => AbortSignal.timeout(20_000);
const here = async () => [{ address: '127.0.0.1', family: 4 }];

test('what is posted arrives once, with its id', async () => {
  const { port, requests } = await site(204);
  const outcome = await postWebhook(`http://127.0.0.1:${port}/hook?x=1`, message, { allowInternal: true }, signal());
  expect(outcome).toEqual({ kind: 'delivered' });
  expect(requests).toMatchObject([{ url: '/hook?x=1', body: '{"a":1}', headers: { 'idempotency-key': 'id-1' } }]);
});

test('no address inside the own network is called, by whatever name', async () => {
  const { port, requests } = await site(204);
  for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '[::1]', '[::ffff:127.0.0.1]', 'localhost']) {
    const outcome = await postWebhook(`http://${host}:${port}/`, message, { allowInternal: false }, signal());
    expect(outcome).toMatchObject({
      kind: 'failed',
      permanent: false,
      problem: expect.stringContaining('own network'),
    });
  }
  const mixed = async () => [{ address: '8.8.8.8', family: 4 }, ...(await here())];
  expect(
    await postWebhook(`http://hooks.test:${port}/`, message, { allowInternal: false, resolve: mixed }, signal()),
  ).toMatchObject({ kind: 'failed' });
  expect(requests).toEqual([]);
});

test('the connection goes to the address that was checked, and the name is asked for once', async () => {
  const { port, requests } = await site(200);
  let asked = 0;
  const resolve = async () => {
    asked += 1;
    return here();
  };
  const outcome = await postWebhook(`http://hooks.test:${port}/`, message, { allowInternal: true, resolve }, signal());
  expect(outcome).toEqual({ kind: 'delivered' });
  expect(asked).toBe(1);
  expect(requests[0]?.headers.host).toBe(`hooks.test:${port}`);
});

test('a redirect is not followed, and what is wrong for good is told from what may pass', async () => {
  const elsewhere = await site(200);
  const answer = async (status: number, headers?: Record<string, string>) => {
    const { port } = await site(status, headers);
    return postWebhook(`http://127.0.0.1:${port}/secret`, message, { allowInternal: true }, signal());
  };
  const redirected = await answer(302, { location: `http://127.0.0.1:${elsewhere.port}/` });
  expect(redirected).toMatchObject({
    kind: 'failed',
    permanent: true,
    problem: expect.stringContaining('answered 302'),
  });
  expect(elsewhere.requests).toEqual([]);
  expect(await answer(404)).toMatchObject({ permanent: true });
  expect(await answer(429)).toMatchObject({ permanent: false });
  expect(await answer(500)).toMatchObject({ permanent: false });
  expect(JSON.stringify(await answer(500))).not.toContain('secret');
});

test('what is no address, hides a password, or cannot be resolved is no webhook', async () => {
  const post = (url: string) => postWebhook(url, message, { allowInternal: true }, signal());
  for (const url of ['ftp://a/', 'http://u:p@127.0.0.1/', 'nothing', 'file:///etc/passwd']) {
    expect(await post(url)).toMatchObject({ kind: 'failed', permanent: true });
  }
  const nowhere = async () => {
    throw Object.assign(new Error('x'), { code: 'ENOTFOUND' });
  };
  expect(
    await postWebhook('http://nowhere.test/', message, { allowInternal: true, resolve: nowhere }, signal()),
  ).toMatchObject({ kind: 'failed', permanent: false, problem: expect.stringContaining('ENOTFOUND') });
});

test('a look-up or an answer that does not come ends with its time', async () => {
  const abort = new AbortController();
  const never = () => {
    abort.abort();
    return new Promise<never>(() => {});
  };
  expect(
    await postWebhook('http://slow.test/', message, { allowInternal: true, resolve: never }, abort.signal),
  ).toMatchObject({ kind: 'failed', permanent: false });
  const silent = createServer(() => stop.abort());
  const stop = new AbortController();
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  onTestFinished(() => {
    silent.closeAllConnections();
    silent.close();
  });
  const { port } = silent.address() as AddressInfo;
  expect(await postWebhook(`http://127.0.0.1:${port}/`, message, { allowInternal: true }, stop.signal)).toMatchObject({
    kind: 'failed',
    problem: expect.stringContaining('too long'),
  });
});
