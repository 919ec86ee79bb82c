/** Signing in to a whole server over real TLS, with real accounts. */
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionOptions, connect, TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { type Accounts, openAccounts } from '@scorpiox/shared/accounts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client } from '../support/client.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { ScramClient, type ScramOptions } from './support/scram-client.ts';

const PASSWORD = 'correct horse';

let folder: string;
let accounts: Accounts;
let server: TestServer;
let appPassword: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'imap-accounts-'));
  accounts = openAccounts(join(folder, 'accounts.db'));
  await accounts.add({ name: 'ann', password: PASSWORD });
  const made = await accounts.addAppPassword('ann', 'phone');
  if (!made.ok) throw new Error(made.error.message);
  appPassword = made.value.password;
  server = await startServer(undefined, undefined, accounts);
});

afterAll(async () => {
  await server.stop();
  accounts.close();
  rmSync(folder, { recursive: true, force: true });
});

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** A connection past its greeting with TLS of this kind. */
async function overTls(options: ConnectionOptions = {}): Promise<{ client: Client; tls: TLSSocket }> {
  const tls = connect({
    port: server.tlsPort,
    host: '127.0.0.1',
    servername: 'localhost',
    ca: readFileSync(server.ca),
    ...options,
  });
  await new Promise((resolve, reject) => tls.once('secureConnect', resolve).once('error', reject));
  const client = new Client(tls);
  await client.line();
  return { client, tls };
}

/** The bindings as a client sees them. */
function bindingData(tls: TLSSocket, type: string): Uint8Array {
  switch (type) {
    case 'tls-exporter':
      return tls.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0));
    case 'tls-unique':
      return tls.getFinished() ?? Buffer.alloc(0);
    default:
      return createHash('sha256').update(tls.getPeerCertificate().raw).digest();
  }
}

interface Spoken {
  readonly mechanism?: string;
  readonly initial?: boolean;
}

/** A SCRAM sign-in; the tagged answer. */
async function scram(
  client: Client,
  options: Partial<ScramOptions> = {},
  { mechanism = 'SCRAM-SHA-256', initial = true }: Spoken = {},
): Promise<string> {
  const mine = new ScramClient({
    name: 'ann',
    password: PASSWORD,
    nonce: 'fyko+d2lbbFgONRv9qkxdawL',
    flag: 'n',
    ...options,
  });
  client.send(`s AUTHENTICATE ${mechanism}${initial ? ` ${base64(mine.first())}` : ''}\r\n`);
  const challenge = async () => Buffer.from((await client.line())?.slice(2) ?? '', 'base64').toString();
  if (!initial) {
    expect(await client.line()).toBe('+ ');
    client.send(`${base64(mine.first())}\r\n`);
  }
  const line = await client.line();
  if (!line?.startsWith('+ ')) return line ?? 'gone';
  client.send(`${base64(mine.final(Buffer.from(line.slice(2), 'base64').toString()))}\r\n`);
  const last = await client.line();
  if (!last?.startsWith('+ ')) return last ?? 'gone';
  expect(mine.trusts(Buffer.from(last.slice(2), 'base64').toString())).toBe(true);
  client.send('\r\n');
  return (await client.line()) ?? (await challenge());
}

const capabilities = async (client: Client) => (await client.ok('CAPABILITY'))[0]?.split(' ') ?? [];

describe('SCRAM over TLS', () => {
  test.each([true, false])('SCRAM-SHA-256, with an initial response: %s', async (initial) => {
    const { client } = await overTls();
    expect(await scram(client, {}, { initial })).toMatch(/^s OK \[CAPABILITY /);
    await client.ok('SELECT INBOX');
    client.close();
  });

  test.each([
    ['TLSv1.3', 'tls-exporter'],
    ['TLSv1.3', 'tls-server-end-point'],
    ['TLSv1.2', 'tls-unique'],
    ['TLSv1.2', 'tls-server-end-point'],
  ] as const)('SCRAM-SHA-256-PLUS on %s by %s', async (version, type) => {
    const { client, tls } = await overTls({ minVersion: version, maxVersion: version });
    expect(await capabilities(client)).toContain('AUTH=SCRAM-SHA-256-PLUS');
    const bound = { flag: `p=${type}`, bindingData: bindingData(tls, type) };
    expect(await scram(client, bound, { mechanism: 'SCRAM-SHA-256-PLUS' })).toMatch(/^s OK /);
    client.close();
  });

  test.each([
    ['TLSv1.3', 'tls-unique'],
    ['TLSv1.2', 'tls-exporter'],
  ] as const)('on %s there is no %s', async (version, type) => {
    const { client } = await overTls({ minVersion: version, maxVersion: version });
    const answer = await scram(client, { flag: `p=${type}` }, { mechanism: 'SCRAM-SHA-256-PLUS' });
    expect(answer).toMatch(/^s NO \[AUTHENTICATIONFAILED\] That type/);
    client.close();
  });

  test('the bindings of another connection do not do', async () => {
    const { client } = await overTls();
    const other = await overTls();
    const bound = { flag: 'p=tls-exporter', bindingData: bindingData(other.tls, 'tls-exporter') };
    const answer = await scram(client, bound, { mechanism: 'SCRAM-SHA-256-PLUS' });
    expect(answer).toMatch(/^s NO \[AUTHENTICATIONFAILED\] The channel bindings/);
    client.close();
    other.client.close();
  });

  test('a resumed session of TLS 1.2 is not bound to', async () => {
    const first = await overTls({ maxVersion: 'TLSv1.2' });
    const session = first.tls.getSession();
    first.client.close();
    const { client, tls } = await overTls({ maxVersion: 'TLSv1.2', ...(session === undefined ? {} : { session }) });
    expect(tls.isSessionReused()).toBe(true);
    expect(await capabilities(client)).not.toContain('AUTH=SCRAM-SHA-256-PLUS');
    expect(await scram(client, { flag: 'y' })).toMatch(/^s OK /);
    client.close();
  });

  test('after STARTTLS as well, where nothing of the kind was offered before', async () => {
    const client = await Client.plain(server.port);
    await client.line();
    const before = await capabilities(client);
    expect(before).toEqual(
      expect.arrayContaining(['STARTTLS', 'SASL-IR', 'AUTH=SCRAM-SHA-256', 'AUTH=PLAIN', 'AUTH=LOGIN']),
    );
    expect(before).not.toContain('AUTH=SCRAM-SHA-256-PLUS');
    expect(await scram(client, {}, { mechanism: 'SCRAM-SHA-256-PLUS' })).toMatch(/^s NO /);
    await client.ok('STARTTLS');
    await client.secure(server.ca);
    expect(await capabilities(client)).toContain('AUTH=SCRAM-SHA-256-PLUS');
    const { socket } = client;
    if (!(socket instanceof TLSSocket)) throw new Error('no TLS');
    const bound = { flag: 'p=tls-exporter', bindingData: bindingData(socket, 'tls-exporter') };
    expect(await scram(client, bound, { mechanism: 'scram-sha-256-plus' })).toMatch(/^s OK /);
    client.close();
  });

  test('a downgrade is noticed', async () => {
    const { client } = await overTls();
    expect(await scram(client, { flag: 'y' })).toMatch(/^s NO \[AUTHENTICATIONFAILED\] This server binds/);
    client.close();
  });

  test('wrong passwords and unknown names get one and the same answer', async () => {
    const { client } = await overTls();
    const wrong = await scram(client, { password: 'wrong' });
    expect(wrong).toMatch(/^s NO \[AUTHENTICATIONFAILED\]/);
    expect(await scram(client, { name: 'nobody' })).toBe(wrong);
    expect(await client.command('LOGIN nobody x')).toEqual({ untagged: [], result: wrong.slice(2) });
    expect(await client.command(`LOGIN ann ${appPassword}x`)).toEqual({ untagged: [], result: wrong.slice(2) });
    client.close();
  });

  test('an app password goes by its own name', async () => {
    const { client } = await overTls();
    expect(await scram(client, { password: appPassword })).toMatch(/^s NO/);
    expect(await scram(client, { name: 'ann/phone', password: appPassword })).toMatch(/^s OK /);
    client.close();
  });
});

describe('AUTHENTICATE', () => {
  test.each([
    ['PLAIN', [base64(`\0ann\0${PASSWORD}`)]],
    ['plain', [base64(`ann\0ann\0${PASSWORD}`)]],
    ['LOGIN', [base64('ann'), base64(PASSWORD)]],
  ])('%s, with and without an initial response', async (mechanism, answers) => {
    for (const initial of [false, true]) {
      const { client } = await overTls();
      const [first = '', ...rest] = answers;
      client.send(`a AUTHENTICATE ${mechanism}${initial ? ` ${first}` : ''}\r\n`);
      for (const answer of initial ? rest : answers) {
        expect(await client.line()).toMatch(/^\+ /);
        client.send(`${answer}\r\n`);
      }
      expect(await client.line()).toMatch(/^a OK \[CAPABILITY /);
      expect(await capabilities(client)).not.toEqual(expect.arrayContaining([expect.stringMatching(/^AUTH=|SASL-IR/)]));
      client.close();
    }
  });

  test('opens by an app password, under either name', async () => {
    for (const name of ['ann', 'ann/phone', 'ANN/Phone']) {
      const { client } = await overTls();
      await client.ok(`LOGIN ${name} ${appPassword}`);
      await client.ok('SELECT INBOX');
      client.close();
    }
  });

  const first = base64('n,,n=ann,r=abc');
  test.each([
    ['a star gives up', 'PLAIN', ['*'], /^a BAD .*cancelled/],
    ['a star gives up in the middle', `SCRAM-SHA-256 ${first}`, ['*'], /^a BAD .*cancelled/],
    ['what is no base64', 'PLAIN', ['no base64!'], /^a BAD .*base64/],
    ['what is no base64 in the middle', `SCRAM-SHA-256 ${first}`, ['=AAA'], /^a BAD .*base64/],
    ['an answer that is too long', 'LOGIN', ['A'.repeat(2052)], /^a BAD .*too long/],
    ['an initial response that is too long', `PLAIN ${'A'.repeat(2052)}`, [], /^a BAD .*too long/],
    ['an empty answer', 'PLAIN', [''], /^a BAD/],
    ['an empty initial response', 'SCRAM-SHA-256 =', [], /^a BAD/],
    ['an empty name', 'LOGIN', [''], /^\+ /],
    ['rubbish', 'SCRAM-SHA-256', [base64('rubbish')], /^a BAD/],
    ['rubbish in the middle', `SCRAM-SHA-256 ${first}`, [base64('rubbish')], /^a BAD/],
    ['another’s mail', `PLAIN ${base64(`bob\0ann\0${PASSWORD}`)}`, [], /^a NO \[AUTHENTICATIONFAILED\]/],
    ['a mechanism that is not there', 'CRAM-MD5', [], /^a NO/],
  ])('%s', async (_, command, answers, expected) => {
    const { client } = await overTls();
    client.send(`a AUTHENTICATE ${command}\r\n`);
    for (const answer of answers) {
      expect(await client.line()).toMatch(/^\+ /);
      client.send(`${answer}\r\n`);
    }
    expect(await client.line()).toMatch(expected);
    if (expected.source.startsWith('^a')) await client.ok('NOOP');
    client.close();
  });
});

test('refusals are logged with address and account, never with what was given as name or password', async () => {
  const before = server.log.length;
  const { client } = await overTls();
  await client.command('LOGIN ann secret-guess');
  await client.command('LOGIN secret-typed-as-name x');
  await client.command(`AUTHENTICATE PLAIN ${base64('\0ann\0secret-guess')}`);
  client.close();
  const lines = server.log.slice(before);
  const refusals = lines.filter((line) => line.includes('sign-in refused')).map((line) => JSON.parse(line));
  expect(refusals).toMatchObject([
    { address: '127.0.0.1', account: 'ann', mechanism: 'LOGIN command', why: 'password' },
    { address: '127.0.0.1', mechanism: 'LOGIN command', why: 'password' },
    { address: '127.0.0.1', account: 'ann', mechanism: 'PLAIN', why: 'password' },
  ]);
  expect(lines.join()).not.toContain('secret');
  expect(refusals[1]).not.toHaveProperty('account');
});

const PYTHON = `
import imaplib, ssl, sys
port, ca, app = int(sys.argv[1]), sys.argv[2], sys.argv[3]
context = ssl.create_default_context(cafile=ca)
def fresh(): return imaplib.IMAP4_SSL('localhost', port, ssl_context=context)
imap = fresh(); print(imap.login('ann', 'correct horse')[0]); imap.logout()
imap = fresh(); print(imap.authenticate('PLAIN', lambda _: b'\\0ann\\0correct horse')[0]); imap.logout()
imap = fresh()
answers = iter([b'ann', b'correct horse'])
print(imap.authenticate('LOGIN', lambda _: next(answers))[0]); imap.logout()
imap = fresh(); print(imap.login('ann/phone', app)[0]); imap.logout()
imap = fresh()
try: imap.login('ann', 'wrong')
except imaplib.IMAP4.error as error: print('refused' if 'AUTHENTICATIONFAILED' in str(error) else error)
imap.logout()
`;

/** Tests with programs of the machine are skipped by name where those are absent, and fail where all have to be there. */
const runnable = (program: string) =>
  process.env.SCORPIOX_REQUIRE_ALL === '1' || spawnSync(program, ['--version']).error === undefined;

test.skipIf(!runnable('python3'))('Python’s imaplib (apt-get install -y python3) signs in', async () => {
  const args = ['-c', PYTHON, String(server.tlsPort), server.ca, appPassword];
  const { stdout } = await promisify(execFile)('python3', args, { timeout: 20_000 });
  expect(stdout.trim().split('\n')).toEqual(['OK', 'OK', 'OK', 'OK', 'refused']);
});

/** mbsync's SCRAM is Cyrus SASL's, which refuses to do too many rounds of PBKDF2. */
describe.skipIf(!runnable('mbsync'))('mbsync (apt-get install -y isync libsasl2-modules) signs in', () => {
  test.each([
    ['SCRAM-SHA-256', 'ann'],
    ['SCRAM-SHA-256', 'ann/phone'],
    ['PLAIN', 'ann/phone'],
  ])('by %s as %s', async (mechanism, user) => {
    const home = mkdtempSync(join(folder, 'mbsync-'));
    mkdirSync(join(home, 'mail'));
    const password = user === 'ann' ? PASSWORD : appPassword;
    const account = `IMAPAccount a
Host localhost
Port ${server.tlsPort}
User "${user}"
Pass "${password}"
SSLType IMAPS
CertificateFile ${server.ca}
AuthMechs ${mechanism}
`;
    const stores = `
IMAPStore far
Account a

MaildirStore near
Path ${home}/mail/
Inbox ${home}/inbox

Channel c
Far :far:
Near :near:
Create Near
`;
    writeFileSync(join(home, 'rc'), account + stores);
    const { stdout } = await promisify(execFile)('mbsync', ['-D', '-l', '-c', join(home, 'rc'), 'c'], {
      timeout: 20_000,
    });
    expect(stdout).toContain(`AUTHENTICATE ${mechanism}`);
    expect(stdout).toMatch(/: 1 OK /);
  });
});
