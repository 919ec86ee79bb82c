import { afterAll, beforeAll, expect, test } from 'vitest';
import { Client } from '../support/client.ts';
import { PASSWORD, startServer, type TestServer } from '../support/server.ts';
import { transcript } from '../support/transcript.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

test('STARTTLS, and what is offered before and after', async () => {
  const A = await Client.plain(server.port);
  await transcript(
    { A },
    `A> * OK [CAPABILITY … STARTTLS …] …
     A: a1 STARTTLS
     A> a1 OK …`,
  );
  await A.secure(server.ca);
  await transcript(
    { A },
    `A: a2 CAPABILITY
     A> * CAPABILITY IMAP4rev1 … AUTH=PLAIN…
     A> a2 OK …
     A: a3 STARTTLS
     A> a3 BAD …
     A: a4 LOGIN tess "${PASSWORD}"
     A> a4 OK …`,
  );
  A.close();
});

test('commands sent in the clear behind STARTTLS are never run', async () => {
  const A = await Client.plain(server.port);
  await A.until('* OK');
  A.send(`a1 STARTTLS\r\nevil LOGIN tess "${PASSWORD}"\r\nevil2 CREATE Injected\r\nevil3 NOOP {4+}\r\n`);
  expect(await A.line()).toMatch(/^a1 OK/);
  await A.secure(server.ca);
  await transcript(
    { A },
    `A: a2 LIST "" "*"
     A> a2 BAD Sign in first.
     A: a3 LOGIN tess "${PASSWORD}"
     A> a3 OK …
     A: a4 LIST "" "*"
     A> * LIST (\\HasNoChildren) "." INBOX
     A> a4 OK …`,
  );
  A.close();
});

test('a client that talks no TLS after STARTTLS is dropped', async () => {
  const A = await Client.plain(server.port);
  await A.until('* OK');
  A.send('a1 STARTTLS\r\n');
  expect(await A.line()).toMatch(/^a1 OK/);
  A.send('a2 NOOP\r\n');
  // An alert may come, which is no line; then the end.
  while ((await A.line()) !== undefined);
});
