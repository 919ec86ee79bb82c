import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { endProcesses } from '../../src/ops/containers/end-processes.ts';
import { type Programs, programsOf } from '../../src/ops/programs.ts';
import { shellWord } from '../../src/ops/shell-word.ts';
import { difference } from '../../src/ops/tmux/environment.ts';
import { containerName, nearNames, parseProjectName, sessionName } from '../../src/ops/tmux/names.ts';
import { linesSince } from '../../src/ops/tmux/peek.ts';
import { piecesOf } from '../../src/ops/tmux/send.ts';
import { originText } from '../../src/ops/tmux/sessions.ts';

const text = fc.string({ unit: 'binary', maxLength: 40 });

it.each([
  ['shop', 'shop', 'scorpiox-shop'],
  ['a.b:c', 'a_b_c', /^scorpiox-a\.b_c-[0-9a-f]{8}$/],
  ['#(x) $(y) \\', '_(x) _(y) _', /^scorpiox-__x____y___-[0-9a-f]{8}$/],
  ['-x köln ☃', '-x köln _', /^scorpiox--x_k_ln__-[0-9a-f]{8}$/],
  ['group/one', 'group/one', /^scorpiox-group_one-[0-9a-f]{8}$/],
])('%j is the session %j', (project, session, container) => {
  expect(sessionName(project)).toBe(session);
  expect(containerName(project)).toMatch(container);
});

it('a name of a session is the same made twice, and has nothing in it that tmux reads', () => {
  fc.assert(
    fc.property(text, (name) => {
      const session = sessionName(name);
      expect(sessionName(session)).toBe(session);
      expect(session).not.toMatch(/[.:#$\\\n\t]/);
    }),
  );
});

it('a name of a container is one that engines take, and another for another project', () => {
  fc.assert(
    fc.property(text, text, (one, other) => {
      expect(containerName(one)).toMatch(/^scorpiox-[A-Za-z0-9_.-]*$/);
      if (one !== other) expect(containerName(one)).not.toBe(containerName(other));
    }),
  );
});

it('no name of a project leads out of its root', () => {
  for (const name of ['..', '.', 'a/..', '../a', 'a/../b', '/a', '', 'a//b', 'a\nb', 'a\u0085', 'x'.repeat(256)])
    expect(parseProjectName(name).ok, name).toBe(false);
  for (const name of ['a', '...', '..a', 'a/b', 'a/', '-', ' '.concat('x')])
    expect(parseProjectName(name).ok, name).toBe(true);
});

it('names what may have been meant', () => {
  expect(nearNames('shp', ['shop', 'workshop', 'blog'])).toEqual(['shop']);
  expect(nearNames('proj', ['project', 'blog', 'my-proj'])).toEqual(['project', 'my-proj']);
  expect(nearNames('xyz', ['shop', 'blog'])).toEqual([]);
});

it('a word that was quoted is the same word to a shell', () => {
  const words = fc.sample(fc.string({ unit: 'binary', maxLength: 20 }), 200).filter((word) => !word.includes('\0'));
  const printed = execFileSync('sh', ['-c', `printf '%s\\0' ${words.map(shellWord).join(' ')}`]).toString();
  expect(printed.split('\0').slice(0, -1)).toEqual(words);
});

it('only what differs from the server is set or taken away', () => {
  const wanted = { A: '1', B: '2', C: undefined, D: undefined };
  expect(difference(wanted, { A: '1', B: '3', C: '4', E: '5' })).toEqual({ set: ['B=2'], unset: ['C'] });
});

it('what is kept with a session is ASCII, and the same when it is read', () => {
  fc.assert(
    fc.property(text, (name) => {
      const origin = { project: name, folder: `/${name}`, tag: 'a', env: [`A=${name}`] };
      expect(originText(origin)).toMatch(/^[ -~]*$/);
      expect(JSON.parse(originText(origin))).toEqual(origin);
    }),
  );
});

it('a text is sent in pieces that are it again, none too long or within a character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 0, maxLength: 30 }), fc.nat(2_000), (some, times) => {
      const long = some.repeat(times);
      const pieces = piecesOf(long);
      expect(pieces.join('')).toBe(long);
      for (const piece of pieces) expect(Buffer.byteLength(piece)).toBeLessThanOrEqual(4096);
    }),
    { numRuns: 100 },
  );
});

it.each([
  [[], ['a'], ['a']],
  [['a'], ['a'], []],
  [['a', 'b'], ['a', 'b', 'c'], ['c']],
  [['a', 'b', 'c'], ['b', 'c', 'd'], ['d']],
  [
    ['a', '$'],
    ['a', '$ ls', 'x'],
    ['$ ls', 'x'],
  ],
  [
    ['a', 'b', '$'],
    ['b', '$ ls', 'x'],
    ['$ ls', 'x'],
  ],
  [
    ['a', 'b'],
    ['x', 'y'],
    ['x', 'y'],
  ],
  [['a', 'b'], [], []],
  [['a', 'a', 'a'], ['a', 'a', 'a', 'a'], ['a']],
])('after %j, of %j come %j', (before, after, came) => {
  expect(linesSince(before, after)).toEqual(came);
});

it('what a process starts while it is killed is killed too', async () => {
  let running = ['5'];
  let kills = 0;
  const exec: Programs['ask'] = async (argv) => {
    const found = running;
    if (argv.at(-1) === 'KILL') running = kills++ === 0 ? ['6'] : [];
    return { ok: true, value: { code: 0, stdout: [...found, 'all', ''].join('\n'), stderr: '' } };
  };
  const programs: Programs = { env: {}, ask: exec, change: exec, isRehearsal: false };
  const ended = await endProcesses(programs, { name: 'podman', program: 'podman' }, 'scorpiox-shop', 'tag');
  expect(ended.ok).toBe(true);
});

it('a program that hangs is killed and told, and so is one that is not there or never stops talking', async () => {
  const { ask } = programsOf({ PATH: process.env.PATH });
  const failed = async (argv: readonly string[], timeoutMs: number) => {
    const ended = await ask(argv, { timeoutMs });
    return ended.ok ? 'it ended' : `${ended.error.kind}: ${ended.error.message}`;
  };
  expect(await failed(['sleep', '1000'], 50)).toMatch(/^unavailable: `sleep` did not answer within .* was killed/);
  expect(await failed(['/no/such'], 30_000)).toBe('unavailable: such cannot be run: ENOENT.');
  expect(await failed(['head', '-c', '20000000', '/dev/zero'], 30_000)).toMatch(/^error: head said more than/);
  expect(await ask(['sh', '-c', 'echo a; echo b >&2; kill -9 $$'], { timeoutMs: 30_000 })).toEqual({
    ok: true,
    value: { code: 137, stdout: 'a\n', stderr: 'b\n' },
  });
});
