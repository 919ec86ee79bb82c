import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TraceReport } from '@scorpiox/shared/imap-admin';
import { describe, expect, it } from 'vitest';
import { LogReader } from '../../src/ops/imap/log-reader.ts';
import { TraceReader } from '../../src/ops/imap/trace-files.ts';
import { sessionOf, startAdminPeer } from '../support/admin-peer.ts';
import { temporaryFolder } from '../support/scorpiox.ts';

describe('logs', () => {
  const at = Date.UTC(2026, 10, 28, 22, 31, 7, 123);
  const lines = [
    {
      time: at,
      level: 30,
      app: 'imap',
      msg: 'signed in',
      user: 'alice',
      session: sessionOf('11110000').id,
      address: '192.0.2.7',
    },
    { time: at + 1, level: 30, app: 'imap', msg: 'sign-in refused', account: 'bob', session: sessionOf('22220000').id },
    { time: at + 2, level: 40, app: 'imap', msg: 'slow\u001b[2J command', user: 'alice', command: 'FETCH', worker: 2 },
  ];
  const peer = () => startAdminPeer(() => [200, { lines, next: 'a.3', missed: 0, missing: [], level: 'info' }]);

  it('a pipe gets fields, a program the objects, one a line', async () => {
    const { run } = await peer();
    expect((await run(['logs', '-n', '1'])).stdout).toBe(
      '2026-11-28T22:31:07.125Z\twarn\tslow\\u001b[2J command\t\talice\t{"command":"FETCH","worker":2}\n',
    );
    const { stdout } = await run(['logs', '--json']);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(lines);
  });

  it('a person’s terminal is not driven by what is logged', async () => {
    const { run } = await peer();
    const { stdout } = await run(['logs', '-n', '1'], { atTerminal: true });
    expect(stdout).toContain('slow\\u001b[2J command  user=alice command=FETCH worker=2\n');
    expect(stdout).not.toContain('\u001b[2J');
  });

  it.each([
    [['--user', 'Bob'], ['sign-in refused']],
    [['--session', '1111'], ['signed in']],
    [['--level', 'warn'], ['slow\u001b[2J command']],
    [
      ['--user', 'alice', '-n', '9'],
      ['signed in', 'slow\u001b[2J command'],
    ],
  ])('%j', async (options, expected) => {
    const { run } = await peer();
    const { stdout } = await run(['logs', '--json', ...options]);
    const said = stdout.split('\n').filter((line) => line !== '');
    expect(said.map((line) => JSON.parse(line).msg)).toEqual(expected);
  });

  it('says where the server logs less than is asked for', async () => {
    const { run } = await peer();
    expect((await run(['logs', '--level', 'debug'])).stderr).toContain('imap.log_level');
    expect((await run(['logs', '--level', 'loud'])).code).toBe(64);
  });

  it('a process that does not answer keeps its place', async () => {
    const pages = [
      { next: 'aaaaaaaa.3-bbbbbbbb.5', missing: [] },
      { next: 'aaaaaaaa.4', missing: ['Worker 2: silent'] },
      { next: 'aaaaaaaa.4-bbbbbbbb.6', missing: [] },
    ];
    const asked: string[] = [];
    const json = async (_: unknown, __: string, path: string) => {
      asked.push(path);
      return { ok: true, value: { lines: [], missed: 0, level: 'info', ...pages.shift() } };
    };
    const reader = new LogReader({ json } as never); // of a client it uses this alone
    for (let look = 0; look < 3; look += 1) await reader.read();
    expect(asked).toEqual(['/logs', '/logs?after=aaaaaaaa.3-bbbbbbbb.5', '/logs?after=aaaaaaaa.4-bbbbbbbb.5']);
  });
});

describe('traces', () => {
  const id = '1b4e28ba-2fa1-41d2-883f-0016d3cca427';
  const other = '1b4e9999-2fa1-41d2-883f-0016d3cca427';
  const trace: TraceReport = {
    id,
    subject: { user: 'alice' },
    startedAt: '2026-11-28T22:00:00.000Z',
    endsAt: '2026-11-28T22:10:00.000Z',
    ended: null,
    files: [
      { path: '/x/a', octets: 10, lines: 1, dropped: 0 },
      { path: '/x/b', octets: 5, lines: 2, dropped: 1 },
    ],
  };
  const line = (moment: string, text: string) => `2026-11-28T22:00:0${moment}Z ${text}\n`;

  it('of several processes are one, each line once, and half a line not yet', async () => {
    const folder = await temporaryFolder();
    const write = (pid: number, text: string, flag = 'a') =>
      writeFile(join(folder, `${id}.${pid}.trace`), text, { flag });
    await write(1, line('1.000000', 'one') + line('3.000000', 'three'));
    await write(2, `${line('2.000000', 'two')}2026-11-28T22:00:04.000000Z fo`);
    await writeFile(join(folder, `${other}.1.trace`), line('0.000000', 'other'));
    const reader = new TraceReader(folder, id);
    const read = async () => {
      const said: string[] = [];
      for await (const text of reader.lines()) said.push(text.slice(28));
      return said;
    };
    expect(await read()).toEqual(['one', 'two', 'three']);
    expect(await read()).toEqual([]);
    await write(2, 'ur\n');
    await write(3, line('5.000000', 'of a process that came later'));
    expect(await read()).toEqual(['four', 'of a process that came later']);
  });

  it('are shown while the server is down, by the beginning of their id, or the newest', async () => {
    const { run, dataDir } = await startAdminPeer(() => undefined);
    expect(await run(['trace', 'show'])).toMatchObject({ code: 1, stderr: expect.stringContaining('no traces') });
    await mkdir(join(dataDir, 'imap-traces'));
    const said = line('1.000000', '1111aaaa-0000 C a NOOP');
    await writeFile(join(dataDir, 'imap-traces', `${id}.1.trace`), said);
    expect(await run(['trace', 'show'])).toEqual({ code: 0, stdout: said, stderr: '' });
    await writeFile(join(dataDir, 'imap-traces', `${other}.1.trace`), line('2.000000', 'x'));
    expect(await run(['trace', 'show', '1b4e2'])).toMatchObject({ code: 0, stdout: said });
    expect(await run(['trace', 'show', '1b4e'])).toMatchObject({ code: 64, stderr: expect.stringContaining(other) });
    expect(await run(['trace', 'show', '1b4'])).toMatchObject({ code: 1 });
  });

  it('are started for an account that is there, or a session by the beginning of its id', async () => {
    const bodies: unknown[] = [];
    const { run } = await startAdminPeer((request, body) => {
      if (request === 'GET /sessions') return [200, { sessions: [sessionOf('22220000')], missing: [] }];
      bodies.push(body);
      return [201, { trace }];
    });
    expect(await run(['trace', 'start', 'alice'])).toMatchObject({ code: 67 });
    expect(await run(['trace', 'start', '--session', '9999'])).toMatchObject({ code: 1 });
    expect(await run(['trace', 'start'])).toMatchObject({ code: 64 });
    expect(bodies).toEqual([]);
    const started = await run(['trace', 'start', '--session', '2222', '--minutes', '5', '--max-size', '1M', '--json']);
    expect(JSON.parse(started.stdout)).toEqual({
      ...{ id, user: 'alice', session: null, startedAt: trace.startedAt, endsAt: trace.endsAt, ended: null },
      ...{ lines: 3, octets: 15, dropped: 1 },
    });
    expect(bodies).toEqual([{ session: sessionOf('22220000').id, minutes: 5, octets: 1024 ** 2 }]);
  });

  it('are stopped by the beginning of their id, or the only one that runs', async () => {
    let traces = [trace];
    const { run, asked } = await startAdminPeer((request) => {
      if (request === 'GET /traces') return [200, { traces }];
      return [200, { trace: { ...trace, ended: 'stopped' } }];
    });
    expect(await run(['trace', 'stop', '--jq', '.ended'])).toMatchObject({ code: 0, stdout: 'stopped\n' });
    expect(await run(['trace', 'stop', '1b4e2'])).toMatchObject({ code: 0 });
    expect(asked.filter((request) => request === `DELETE /traces/${id}`)).toHaveLength(2);
    traces = [trace, { ...trace, id: other }];
    expect(await run(['trace', 'stop'])).toMatchObject({ code: 64, stderr: expect.stringContaining(other) });
    traces = [{ ...trace, ended: 'time' }];
    expect(await run(['trace', 'stop'])).toMatchObject({ code: 1, stderr: expect.stringContaining('No trace runs') });
    expect((await run(['trace', 'list', '--jq', '.[].ended'])).stdout).toBe('time\n');
  });
});
