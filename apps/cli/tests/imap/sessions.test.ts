import { expect, it, vi } from 'vitest';
import type { Screen } from '../../src/output/screen.ts';
import { sessionOf, startAdminPeer } from '../support/admin-peer.ts';

const idle = sessionOf('11110000', {
  command: { name: 'IDLE', ageMs: 900_000 },
  quietMs: 900_000,
  connectedMs: 900_000,
});
const hung = sessionOf('22220000', {
  command: { name: 'FETCH', ageMs: 45_000 },
  waitingOctets: 65_536,
  stalledMs: 44_000,
  quietMs: 44_000,
});
const uploading = sessionOf('22221111', { user: 'bob', command: { name: 'APPEND', ageMs: 31_000 }, quietMs: 31_000 });
const stranger = sessionOf('33330000', { user: null, mailbox: null, state: 'not-authenticated', client: null });
const all = [idle, hung, uploading, stranger];

const peer = (sessions = all, missing: string[] = []) =>
  startAdminPeer((line) => (line === 'GET /sessions' ? [200, { sessions, missing }] : undefined));

it('a pipe gets every field, what hangs first', async () => {
  const { run } = await peer();
  const { code, stdout, stderr } = await run(['sessions']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const rows = stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));
  expect(rows.map(([id]) => id?.slice(0, 8))).toEqual(['22220000', '22221111', '11110000', '33330000']);
  expect(rows[0]).toEqual([
    ...[hung.id, 'imap', 'alice', '192.0.2.7', 'INBOX', 'selected', 'FETCH', '45000', '0', '65536', '44000', '44000'],
    ...['60000', 'Thunderbird 128', 'TLSv1.3', 'false', '7'],
  ]);
});

it('a person gets a table, in which it stands out', async () => {
  const { run } = await peer();
  const { stdout, stderr } = await run(['sessions'], { atTerminal: true });
  const [heading, ...lines] = stdout.trimEnd().split('\n');
  expect(heading).toContain('ID        USER   FROM       MAILBOX  DOES');
  expect(lines[0]?.startsWith('\u001b[31m22220000  alice  192.0.2.7  INBOX    FETCH 45 s ')).toBe(true);
  expect(lines[0]).toMatch(/ 65.5 KB {2}44 s .*Thunderbird 128/);
  expect(lines.slice(2).join()).not.toContain('\u001b[31m');
  expect(stderr).toBe('4 sessions of 2 users, 2 stalled.\n');
});

it('--stalled is a question that ends with 3 where something hangs; IDLE does not', async () => {
  const { run } = await peer();
  const ids = (stdout: string) => JSON.parse(stdout).map(({ id }: { id: string }) => id.slice(0, 8));
  const found = await run(['sessions', '--stalled', '--json']);
  expect([found.code, ids(found.stdout)]).toEqual([3, ['22220000', '22221111']]);
  expect(found.stderr).toContain('2 sessions hang');
  const later = await run(['sessions', '--stalled', '40s', '--json']);
  expect([later.code, ids(later.stdout)]).toEqual([3, ['22220000']]);
  expect(await run(['sessions', '--stalled', '5m', '--json'])).toMatchObject({ code: 0, stdout: '[]\n' });
  expect((await run(['sessions', '--user', 'Bob', '--jq', '.[].command'])).stdout).toBe('APPEND\n');
});

it('says what is not among them', async () => {
  const { run } = await peer([], ['Worker 2: There was no answer within 5 s.']);
  const { code, stderr } = await run(['sessions']);
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: 'scorpiox: not all of it: Worker 2: There was no answer within 5 s.\n',
  });
});

it('--watch draws until q, and goes on where the server is away', async () => {
  let away = false;
  const { run } = await startAdminPeer(() => {
    if (away) return [503, { error: { code: 'unavailable', message: 'The server is stopping.' } }];
    return [200, { sessions: all, missing: [] }];
  });
  const pages: string[] = [];
  let press = (_: string) => {};
  let closed = 0;
  const screen: Screen = {
    columns: 80,
    rows: 7,
    draw: (lines) => void pages.push(lines.join('\n')),
    onKey: (listener) => {
      press = listener;
    },
    onResize: () => {},
    close: () => {
      closed += 1;
    },
  };
  const ended = run(['sessions', '--watch'], { atTerminal: true, screen });
  await vi.waitFor(() => expect(pages.length).toBeGreaterThan(0), { timeout: 30_000 });
  expect(pages[0]).toMatch(/^\S+ {2}4 sessions of 2 users, 2 stalled\n\n.*22220000.*… and 2 more.*q ends/s);
  away = true;
  await vi.waitFor(() => expect(pages.at(-1)).toContain('The server is stopping.'), { timeout: 30_000 });
  press('q');
  expect(await ended).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(closed).toBe(1);
});

it.each([
  [['sessions', '--watch'], 'needs a terminal'],
  [['sessions', '--watch', '--json'], 'leave --json'],
  [['sessions', '--stalled', 'soon'], '30s'],
  [['kick'], 'one of the two'],
  [['kick', '2222', '--user', 'alice'], 'one of the two'],
])('%j is wrong use', async (args, said) => {
  const { run } = await peer();
  const { code, stdout, stderr } = await run(args);
  expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
  expect(stderr).toContain(said);
});

it('kick takes the beginning of an id, where it is one session’s, or a user', async () => {
  const { run, asked } = await startAdminPeer((line) => {
    if (line === 'GET /sessions') return [200, { sessions: all, missing: [] }];
    return line.endsWith('/kick') ? [200, { kicked: true }] : undefined;
  });
  const kicked = () => asked.splice(0).filter((line) => line.endsWith('/kick'));
  expect(await run(['kick', '1111'])).toMatchObject({ code: 0, stdout: `${idle.id}\talice\t192.0.2.7\n` });
  expect(kicked()).toEqual([`POST /sessions/${idle.id}/kick`]);
  expect(await run(['kick', '--user', 'Alice', '--jq', 'length'])).toMatchObject({ code: 0, stdout: '2\n' });
  expect(kicked()).toHaveLength(2);
  expect(await run(['kick', '2222'])).toMatchObject({ code: 64, stderr: expect.stringContaining(hung.id) });
  expect(await run(['kick', '222'])).toMatchObject({ code: 1, stderr: expect.stringContaining('no session') });
  expect(await run(['kick', '--user', 'carol'])).toMatchObject({
    code: 1,
    stderr: 'scorpiox: carol has no sessions.\n',
  });
  expect(kicked()).toEqual([]);
});

it('a server that is not there, not ours or not for us is told apart', async () => {
  const { run, dataDir } = await startAdminPeer(() => undefined, 'another-token-of-thirty-two-characters');
  expect(await run(['sessions'])).toMatchObject({
    code: 77,
    stderr: expect.stringContaining('does not know the token'),
  });
  const env = (more: Record<string, string>) => ({ env: { SCORPIOX_DATA_DIR: dataDir, ...more } });
  expect(await run(['sessions'], env({ SCORPIOX_IMAP_ADMIN_PORT: '0' }))).toMatchObject({ code: 69 });
  expect(await run(['sessions'], env({ SCORPIOX_DATA_DIR: '/nowhere' }))).toMatchObject({
    code: 69,
    stderr: expect.stringContaining('/nowhere/imap-admin.token'),
  });
});

it('an answer of another shape is not guessed at', async () => {
  const { run } = await startAdminPeer(() => [200, { sessions: [{ id: 7 }] }]);
  expect(await run(['sessions'])).toMatchObject({ code: 1, stderr: expect.stringContaining('something else') });
});
