import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';
import { scorpioxHere } from '../support/here.ts';
import { temporaryFolder } from '../support/scorpiox.ts';

interface Installation {
  readonly dataDir: string;
  readonly tls: string;
  /** `scorpiox cert …` of this installation. */
  cert(...args: readonly string[]): ReturnType<typeof scorpioxHere>;
  /** The codes of what `cert check` finds. */
  findings(...args: readonly string[]): Promise<readonly string[]>;
}

/** A data folder, with what the environment says of it; its ports are nobody's unless some are named. */
async function install(env: Readonly<Record<string, string>> = {}): Promise<Installation> {
  const dataDir = await temporaryFolder();
  const more = { SCORPIOX_IMAP_PORT: '0', SCORPIOX_IMAP_TLS_PORT: '0', ...env };
  const cert = (...args: readonly string[]) =>
    scorpioxHere(['cert', ...args, '--data-dir', dataDir], { env: more, cwd: dataDir });
  return {
    dataDir,
    tls: join(dataDir, 'tls'),
    cert,
    findings: async (...args) => {
      const { code, stdout } = await cert('check', '--json', ...args);
      const found: { level: string; code: string }[] = JSON.parse(stdout);
      expect(code).toBe(found.some(({ level }) => level !== 'note') ? 3 : 0);
      return found.map(({ level, code: what }) => `${level} ${what}`);
    },
  };
}

const listening = async (server: Server): Promise<string> => {
  server.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return String((server.address() as AddressInfo).port); // a server that listens on a host has one
};

const read = (file: string) => readFileSync(file, 'utf8');
const leafIn = (file: string) => new X509Certificate(read(file));

it('makes authority and certificate once, and shows them without their keys', async () => {
  const { cert, tls } = await install();
  expect(await cert('show')).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('cert init') });
  expect(await cert('init')).toMatchObject({
    code: 0,
    stdout: '',
    stderr: expect.stringContaining(join(tls, 'ca.pem')),
  });
  const before = read(join(tls, 'server.pem'));
  expect(await cert('init')).toMatchObject({ code: 0 });
  expect(read(join(tls, 'server.pem'))).toBe(before);
  const { stdout } = await cert('show', '--json');
  expect(JSON.parse(stdout)).toMatchObject([
    {
      file: join(tls, 'server.pem'),
      use: 'server',
      subject: 'CN=localhost',
      names: 'localhost 127.0.0.1 ::1',
      key: 'rsa 2048',
      sha256: leafIn(join(tls, 'server.pem')).fingerprint256,
    },
    { file: join(tls, 'ca.pem'), use: 'authority' },
  ]);
  expect(Object.keys(JSON.parse(stdout)[0])).toEqual(
    'file use subject issuer names from until days key serial sha256'.split(' '),
  );
  expect(JSON.parse(stdout)[0].days).toBeGreaterThan(800);
  expect((await cert('show', 'tls/server.pem')).stdout.split('\n')).toHaveLength(3);
  expect(await cert('show', 'tls/server.key')).toMatchObject({ code: 1, stdout: '' });
});

it('issues for names, in place and for elsewhere, and renews with the same key or another', async () => {
  const { cert, tls, dataDir } = await install();
  expect(await cert('issue', 'Mail.Example.NET', '192.0.2.7')).toMatchObject({ code: 0, stdout: '' });
  const issued = leafIn(join(tls, 'server.pem'));
  expect(issued.checkHost('mail.example.net')).toBeDefined();
  expect(issued.checkIP('192.0.2.7')).toBeDefined();
  expect(await cert('issue', 'shop.example.net', '--out', 'shop')).toMatchObject({ code: 0 });
  expect(leafIn(join(dataDir, 'shop/server.pem')).subjectAltName).toBe('DNS:shop.example.net');
  expect(statSync(join(dataDir, 'shop/server.key')).mode & 0o777).toBe(0o600);
  expect(await cert('renew')).toMatchObject({ code: 0 });
  const renewed = leafIn(join(tls, 'server.pem'));
  expect(renewed.subjectAltName).toBe(issued.subjectAltName);
  expect(renewed.publicKey.equals(issued.publicKey)).toBe(true);
  expect(await cert('renew', '--new-key')).toMatchObject({ code: 0 });
  expect(leafIn(join(tls, 'server.pem')).publicKey.equals(issued.publicKey)).toBe(false);
});

it.each([
  ['issue'],
  ['issue', 'no name'],
  ['issue', 'a.example.net', 'https://b.example.net'],
])('%s %s: is wrong use, and makes nothing', async (...args) => {
  const { cert, dataDir } = await install();
  expect(await cert(...args)).toMatchObject({ code: 64, stdout: '' });
  expect(readdirSync(dataDir)).toEqual([]);
});

it('neither issues nor renews what nobody would serve', async () => {
  const own = { SCORPIOX_IMAP_TLS_CERT: 'own.pem', SCORPIOX_IMAP_TLS_KEY: 'own.key' };
  const { cert, dataDir } = await install(own);
  for (const args of [['renew'], ['issue', 'a.example.net']]) {
    expect(await cert(...args)).toMatchObject({ code: 1, stderr: expect.stringContaining('own.pem') });
  }
  expect(readdirSync(dataDir)).toEqual([]);
  expect(await cert('issue', 'a.example.net', '--out', 'elsewhere')).toMatchObject({ code: 0 });
});

it('finds faults that were made on purpose, one by one, and each command mends its own', async () => {
  const { cert, findings, tls } = await install();
  expect(await findings()).toEqual(['note not-made']);
  await cert('init');
  expect(await findings()).toEqual([]);
  const other = await install();
  await other.cert('init');
  const faults: [string, () => void, string[]][] = [
    ['a key that all can read', () => chmodSync(join(tls, 'server.key'), 0o644), ['fault key-exposed']],
    [
      'an authority’s key that the group can read',
      () => chmodSync(join(tls, 'ca.key'), 0o640),
      ['warning key-exposed'],
    ],
    ['another key', () => copyFileSync(join(other.tls, 'server.key'), join(tls, 'server.key')), ['fault key-mismatch']],
    [
      'another authority',
      () => {
        for (const name of ['ca.pem', 'ca.key']) copyFileSync(join(other.tls, name), join(tls, name));
      },
      ['fault not-of-authority'],
    ],
    ['a damaged certificate', () => writeFileSync(join(tls, 'server.pem'), 'nothing'), ['fault unreadable']],
    ['a key that is gone', () => rmSync(join(tls, 'server.key')), ['fault key-unreadable']],
    ['a damaged key', () => writeFileSync(join(tls, 'server.key'), 'nothing'), ['fault key-unreadable']],
  ];
  for (const [what, make, codes] of faults) {
    make();
    expect(await findings(), what).toEqual(codes);
    const { stdout } = await cert('check', '--jq', '.[].mend');
    await follow(cert, stdout.trim());
    expect(await findings(), `${what}, mended`).toEqual([]);
  }
  expect(await findings('--name', 'mail.example.net', '--name', 'localhost')).toEqual(['warning name-missing']);
  await follow(cert, (await cert('check', '--name', 'mail.example.net', '--jq', '.[].mend')).stdout.trim());
  expect(await findings('--name', 'mail.example.net')).toEqual([]);
});

/** Does what a finding says: `chmod`, `rm` and commands of ours. */
async function follow(cert: Installation['cert'], mend: string): Promise<void> {
  for (const command of mend.split('; ')) {
    const [program, ...args] = command.split(' ');
    if (program === 'chmod') chmodSync(String(args[1]), Number.parseInt(String(args[0]), 8));
    else if (program === 'rm') rmSync(String(args[1]), { force: args[0] === '-f' });
    else {
      expect([program, args[0]]).toEqual(['scorpiox', 'cert']);
      const until = args.indexOf('--data-dir');
      expect(await cert(...args.slice(1, until))).toMatchObject({ code: 0 });
    }
  }
}

/** A server of TLS, and one of IMAP with STARTTLS, on these files. */
async function serve(folder: string): Promise<{ readonly tls: string; readonly imap: string }> {
  const pair = { cert: read(join(folder, 'server.pem')), key: read(join(folder, 'server.key')) };
  const tls = await listening(createTlsServer(pair, (socket) => socket.on('error', () => socket.destroy())));
  const imap = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.write('* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n');
    socket.once('data', (line) => {
      expect(line.toString()).toBe('t STARTTLS\r\n');
      socket.write('t OK go ahead\r\n');
      new TLSSocket(socket, { isServer: true, ...pair }).on('error', () => socket.destroy());
    });
  });
  return { tls, imap: await listening(imap) };
}

it.each(['', 'no such name'])('takes no name %j to look for', async (name) => {
  const { cert } = await install();
  expect(await cert('check', '--name', name)).toMatchObject({ code: 64, stdout: '' });
});

it('compares the files with what is served on every port', async () => {
  const elsewhere = await install();
  await elsewhere.cert('init');
  const served = await serve(elsewhere.tls);
  const nobody = createServer();
  const closed = await listening(nobody);
  nobody.close();
  const silent = await listening(createServer((socket) => void socket.end('220 smtp.example.net ESMTP\r\n')));

  const ports = (tls: string, imap: string) => ({ SCORPIOX_IMAP_TLS_PORT: tls, SCORPIOX_IMAP_PORT: imap });
  const here = await install(ports(served.tls, served.imap));
  mkdirSync(here.tls, { mode: 0o700 });
  for (const name of readdirSync(elsewhere.tls)) copyFileSync(join(elsewhere.tls, name), join(here.tls, name));
  expect(await here.findings()).toEqual([]);
  await here.cert('renew');
  expect(await here.findings()).toEqual(['fault served-other', 'fault served-other']);

  const down = await install(ports(closed, silent));
  await down.cert('init');
  expect(await down.findings()).toEqual(['fault no-tls', 'note not-served']);
});
