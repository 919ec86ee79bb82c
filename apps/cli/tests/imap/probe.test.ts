import { expect, it } from 'vitest';
import { probe } from '../../src/ops/imap/probe/probe.ts';
import type { ProbeStep } from '../../src/ops/imap/probe/steps.ts';
import { scorpioxHere } from '../support/here.ts';
import { PASSWORD, startMemoryImap, USER, type Wrong } from '../support/memory-imap.ts';

const env = { IMAP_PASSWORD: PASSWORD };

const command = (port: number, ...more: readonly string[]) =>
  ['imap', 'probe', `127.0.0.1:${port}`, '--plain', '--user', USER, '--large', '200K', ...more] as const;

const wentWrong = (json: string) =>
  JSON.parse(json)
    .filter(({ ok }: ProbeStep) => !ok)
    .map(({ step, message }: ProbeStep) => `${step}: ${message}`);

it('a server that is well passes every step, and keeps nothing of it', async () => {
  const server = await startMemoryImap();
  const { code, stdout, stderr } = await scorpioxHere([...command(server.port, '--json', '--slow', '10M')], { env });
  expect({ code, stderr, wrong: wentWrong(stdout) }).toEqual({
    code: 0,
    stderr: 'All is well: 10 steps.\n',
    wrong: [],
  });
  expect(JSON.parse(stdout).map(({ step }: ProbeStep) => step)).toEqual([
    ...['connect', 'sign in', 'mailbox', 'append', 'fetch', 'flag', 'flag and fetch'],
    ...['large append', 'large fetch, slowly', 'clean up'],
  ]);
  expect([...server.mailboxes]).toEqual([['INBOX', []]]);
  expect(JSON.stringify(server.lines)).toMatch(/UID STORE 1 \+FLAGS \(\\\\Seen\)","A\d+ UID FETCH 1 /);
});

it.each<[Wrong, RegExp]>([
  ['stale name', /^flag and fetch: UID FETCH does not find the message right after \\Seen was set \(round 1\)/m],
  ['partial write', /^large fetch: The server has said nothing for 5 s/],
  ['changed octets', /^fetch: The message is not the one that was stored/],
  ['flags of before', /^flag: A flag that was set is not there/],
  ['no room', /^append: The server answers APPEND with NO: full/],
])('finds what is wrong: %s', async (wrong, expected) => {
  const server = await startMemoryImap(wrong);
  const { code, stdout, stderr } = await scorpioxHere([...command(server.port, '--json', '--timeout', '5s')], { env });
  expect(code).toBe(3);
  expect(stderr).toMatch(/steps? went wrong\.$/m);
  expect(wentWrong(stdout).join('\n')).toMatch(expected);
  expect([...server.mailboxes]).toEqual([['INBOX', []]]);
});

it.each<Wrong | undefined>([
  undefined,
  'no UIDPLUS',
])('of a mailbox that is named only its own messages are removed (%s)', async (wrong) => {
  const server = await startMemoryImap(wrong);
  const before = { uid: 900, content: 'Subject: mine\r\n\r\n', flags: new Set(['\\Seen']) };
  server.mailboxes.set('INBOX', [before]);
  const { code, stderr } = await scorpioxHere([...command(server.port, '--mailbox', 'INBOX')], { env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: 'All is well: 10 steps.\n' });
  expect([...server.mailboxes]).toEqual([['INBOX', [before]]]);
});

it('expunges nothing of others where it cannot expunge its own alone', async () => {
  const server = await startMemoryImap('no UIDPLUS');
  const others = { uid: 900, content: 'Subject: mine\r\n\r\n', flags: new Set(['\\Deleted']) };
  server.mailboxes.set('INBOX', [others]);
  const { code, stdout } = await scorpioxHere([...command(server.port, '--mailbox', 'INBOX', '--json')], { env });
  expect(code).toBe(3);
  expect(wentWrong(stdout)).toEqual([
    expect.stringMatching(/^clean up: .*marked as deleted: the server has no UIDPLUS/),
  ]);
  expect(server.mailboxes.get('INBOX')).toContain(others);
});

it('cleans up when it is stopped in the middle', async () => {
  const server = await startMemoryImap('partial write');
  const stop = new AbortController();
  const seen: string[] = [];
  const watcher = {
    step: ({ step }: ProbeStep) => {
      seen.push(step);
      if (step === 'large append') setImmediate(() => stop.abort());
    },
    progress: () => {},
  };
  const place = { host: '127.0.0.1', port: server.port, security: 'none' } as const;
  const credentials = { user: USER, password: PASSWORD };
  const signals = { stop: stop.signal, force: new AbortController().signal };
  const done = await probe({ place, credentials, largeOctets: 200_000, patience: 60_000 }, watcher, signals);
  expect(done).toMatchObject({ ok: false, error: { kind: 'interrupted' } });
  expect(seen.at(-1)).toBe('clean up');
  expect([...server.mailboxes.keys()]).toEqual(['INBOX']);
});

it('who does not get in is told so, and nothing is made', async () => {
  const server = await startMemoryImap();
  const run = (...more: readonly string[]) =>
    scorpioxHere([...command(server.port, ...more)], { env: { IMAP_PASSWORD: 'guess' } });
  expect(await run()).toMatchObject({ code: 77, stderr: expect.stringContaining('refuses the sign-in') });
  expect((await run()).stderr).not.toContain('guess');
  expect(await scorpioxHere([...command(server.port, '--mailbox', 'Nope')], { env })).toMatchObject({ code: 1 });
  expect(await scorpioxHere([...command(server.port, '--large', '2M')], { env })).toMatchObject({
    code: 64,
    stderr: expect.stringContaining('1,000,000 octets at most'),
  });
  const unmade = await startMemoryImap('no mailboxes made');
  expect(await scorpioxHere([...command(unmade.port)], { env })).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/lets nobody make scorpiox-probe-.*--mailbox/),
  });
  expect([...server.mailboxes.keys(), ...unmade.mailboxes.keys()]).toEqual(['INBOX', 'INBOX']);
});

it.each([
  [['imap', 'probe'], '--user'],
  [['imap', 'probe', 'a:b:c', '--user', 'x'], 'a host, perhaps with a port'],
  [['imap', 'probe', 'host:99999', '--user', 'x'], 'a host, perhaps with a port'],
  [['imap', 'probe', 'host', '--user', 'x', '--large', 'lots'], '60M'],
  [['imap', 'probe', 'host', '--user', 'x', '--timeout', '5'], '30s'],
  [['imap', 'probe', 'host', '--user', 'x', '--plain', '--starttls'], 'not both'],
  [['imap', 'probe', 'host', '--user', 'x', '--ca', '/nowhere/ca.pem'], '/nowhere/ca.pem'],
  [['imap', 'probe', 'host', '--user', 'x'], '--password-stdin'],
])('%j is wrong use', async (args, text) => {
  const { code, stdout, stderr } = await scorpioxHere(args);
  expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
  expect(stderr).toContain(text);
});
