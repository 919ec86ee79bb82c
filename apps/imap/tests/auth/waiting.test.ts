/** What a client sees of sign-ins that must not be looked at: too many at once, or from behind a proxy without TLS. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMailStore } from '@scorpiox/maildir';
import { ensureCertificates } from '@scorpiox/shared/certificates';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import type { SignIn, SignInResult } from '../../src/auth/sign-in.ts';
import { createMail } from '../../src/mailbox/user-mail.ts';
import { Listener } from '../../src/server/listener.ts';
import { Metrics } from '../../src/server/metrics.ts';
import { createObservers } from '../../src/server/observer.ts';
import { Tls } from '../../src/server/tls.ts';
import { Client } from '../support/client.ts';
import { everyoneWith } from '../support/verifier.ts';

/** A server whose sign-ins end so, and the addresses that they were said to come from. */
async function serverThat(result: SignInResult, proxied: boolean) {
  const folder = mkdtempSync(join(tmpdir(), 'imap-waiting-'));
  const files = await ensureCertificates({ folder: join(folder, 'tls') });
  const addresses: (string | undefined)[] = [];
  const signIn: SignIn = {
    ...everyoneWith('pw'),
    attempt: async (_, address) => {
      addresses.push(address);
      return result;
    },
  };
  const now = () => performance.now();
  const listener = new Listener({
    host: '127.0.0.1',
    port: 0,
    tlsPort: 0,
    tls: await Tls.load(async () => files),
    now,
    proxied,
    signIn,
    mail: createMail((user) =>
      openMailStore({ maildir: join(folder, user, 'Maildir'), indexFile: join(folder, user, 'index.db') }),
    ),
    observers: createObservers({ log: pino({ level: 'silent' }), track: () => {}, metrics: new Metrics(), now }),
  });
  const ports = await listener.start();
  onTestFinished(async () => {
    await listener.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return { ...ports, ca: files.caFile, addresses };
}

test('who would have to wait too long is sent away, and holds no connection', async () => {
  const { port } = await serverThat({ kind: 'busy' }, false);
  const client = await Client.plain(port);
  await client.line();
  client.send('a LOGIN ann pw\r\nb NOOP\r\n');
  expect(await client.line()).toMatch(/^\* BYE \[UNAVAILABLE\] Too many sign-ins wait/);
  expect(await client.line()).toBeUndefined();
});

test('behind a proxy there is no sign-in without TLS, and the proxy’s address counts for nothing', async () => {
  const { port, tlsPort, ca, addresses } = await serverThat({ kind: 'refused' }, true);
  const plain = await Client.plain(port);
  expect(await plain.line()).toMatch(/STARTTLS LOGINDISABLED/);
  for (const command of ['LOGIN ann pw', 'AUTHENTICATE PLAIN AGFubgBwdw==', 'AUTHENTICATE SCRAM-SHA-256']) {
    expect((await plain.command(command)).result).toMatch(/^NO \[PRIVACYREQUIRED\]/);
  }
  plain.close();
  expect(addresses).toEqual([]);
  const client = await Client.overTls(tlsPort, ca);
  await client.line();
  expect((await client.command('LOGIN ann pw')).result).toMatch(/^NO \[AUTHENTICATIONFAILED\]/);
  client.close();
  expect(addresses).toEqual([undefined]);
});
