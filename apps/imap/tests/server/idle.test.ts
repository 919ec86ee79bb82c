/** IDLE over a real connection: its keep-alive, and what comes with it (RFC 2177). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CONNECTION } from '../../src/limits.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { transcript } from '../support/transcript.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ ...CONNECTION, keepAlive: 20 });
});
afterAll(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

test.each(['NOOP', 'SELECT INBOX'])('a quiet IDLE after %s is kept alive, and goes on', async (before) => {
  const [A, B] = [await server.signIn('ida'), await server.signIn('ida')];
  await transcript(
    { A, B },
    `A: a1 ${before}
     A>> a1 OK …
     A: a2 IDLE
     A> + idling
     A> * OK Still here.
     A> * OK Still here.
     A: DONE
     A>> a2 OK …
     A: a3 SELECT INBOX
     A>> a3 OK …
     A: a4 IDLE
     A> + idling
     A> * OK Still here.
     B: b1 APPEND INBOX {3+}\\r\\nx\\r\\n
     B> b1 OK …
     A>> * … EXISTS
     A>> * OK Still here.
     A: DONE
     A>> a4 OK …`,
  );
});
