import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWith } from '../../../../tests/support/programs.ts';
import { parseAbsolutePath } from '../../src/ops/refs/absolute-path.ts';
import { OVERLAP_BYTES, WINDOW_BYTES } from '../../src/ops/refs/limits.ts';
import { searchFor } from '../../src/ops/refs/match.ts';
import { FileCounter, type Tally } from '../../src/ops/refs/scan/tally.ts';
import { scorpioxHere } from '../support/here.ts';
import { scorpiox, startScorpiox, temporaryFolder } from '../support/scorpiox.ts';
import { utf16 } from './support.ts';
import { makeWorld } from './world.ts';

const DEAD = '/Volumes/GitHub';

describeWith(['git'], 'refs scan', () => {
  it('tells tracked, new and ignored files apart, in repositories and outside, and leaves nothing out by its name', async () => {
    const world = await makeWorld();
    world.write({
      'app/.github/workflows/ci.yml': `run: ${DEAD}/app/test\n`,
      'app/.gitignore': '.env\nvenv\n',
      'app/app.code-workspace': `{"folders":[{"path":"${DEAD}/app"}]}`,
      'app/.env': `ROOT=${DEAD}\n`,
      'app/venv/bin/pip': `#!${DEAD}/app/venv/bin/python3\n`,
      'app/nested/x': `${DEAD}\n`,
      'plist/launch.plist': `<string>${DEAD}/run</string>\n`,
      'clean/a': 'nothing\n',
    });
    world.git('app', 'init', '-q');
    world.git('app', 'add', '.github', 'app.code-workspace', '.gitignore');
    world.git('app', 'commit', '-qm', 'x');
    world.git('app/nested', 'init', '-q');
    world.write({ 'app/new.txt': `${DEAD} and ${DEAD}\n` });
    expect(await world.told()).toEqual([
      'hit outside plist/launch.plist plain×1',
      'hit ignored app/.env plain×1',
      'hit tracked app/.github/workflows/ci.yml plain×1',
      'hit tracked app/app.code-workspace plain×1',
      'hit untracked app/new.txt plain×2',
      'hit ignored app/venv/bin/pip plain×1',
      'hit untracked app/nested/x plain×1',
    ]);
  });

  it('counts each spelling of a file by itself, with its lines, and near misses apart', async () => {
    const world = await makeWorld();
    world.write({
      'b.json': '{"p":\n"\\/Volumes\\/GitHub\\/app",\n"q":"\\\\Volumes\\\\GitHub",\n"r":"\\/Volumes\\/GitHub"}\n',
      'near.txt': `${DEAD}Old ${DEAD}-2 ${DEAD}.bak\n/mnt${DEAD}\nsmb://nas${DEAD} /volumes/github "${DEAD} Copy/x"\n`,
    });
    expect(await world.json()).toEqual([
      expect.objectContaining({ kind: 'hit', file: 'b.json', form: 'double-backslash', count: 1, lines: [3] }),
      expect.objectContaining({ kind: 'hit', file: 'b.json', form: 'json', count: 2, lines: [2, 4] }),
      expect.objectContaining({ kind: 'near-miss', file: 'near.txt', form: 'longer-name', count: 4, lines: [1, 3] }),
      expect.objectContaining({ kind: 'near-miss', file: 'near.txt', form: 'longer-path', count: 1, lines: [2] }),
      expect.objectContaining({ kind: 'near-miss', file: 'near.txt', form: 'other-case', count: 1, lines: [3] }),
      expect.objectContaining({ kind: 'near-miss', file: 'near.txt', form: 'other-host', count: 1, lines: [3] }),
    ]);
  });

  it('sees what git grep does not: targets of links, UTF-16; and tells binaries', async () => {
    const world = await makeWorld();
    world.write({
      'app/win.txt': utf16(`x\r\n${DEAD}\r\n`, 'utf-16le', true),
      'app/prog': Buffer.from(`\x7fELF\0${DEAD}/lib\0`),
    });
    symlinkSync(`${DEAD}/data`, join(world.code, 'app/data'));
    symlinkSync('..', join(world.code, 'app/around'));
    world.git('app', 'init', '-q');
    world.git('app', 'add', '-A');
    expect(await world.told()).toEqual([
      'hit tracked app/data plain×1 link',
      'hit tracked app/prog plain×1 binary',
      'hit tracked app/win.txt plain×1 utf-16le',
    ]);
  });

  it('names may be any octets', async () => {
    const world = await makeWorld();
    world.git('.', 'init', '-q', 'app');
    writeFileSync(Buffer.concat([Buffer.from(join(world.code, 'app/a\nb')), Buffer.of(0xff)]), DEAD);
    world.git('app', 'add', '-A');
    expect(await world.told()).toEqual(['hit tracked app/a\\x0ab\\xff plain×1']);
  });

  it('names that look like pathspecs, options or patterns do not keep git from telling how files stand', async () => {
    const world = await makeWorld();
    const names = ['!d', '*', '--e', ':!b', ':(top)c', ':a'];
    world.write({ 'app/.gitignore': 'ign*\n', 'app/ign:x': DEAD });
    world.write(Object.fromEntries(names.map((name) => [`app/${name}`, DEAD])));
    world.git('.', 'init', '-q', 'app');
    expect(await world.told()).toEqual([
      ...names.map((name) => `hit untracked app/${name} plain×1`),
      'hit ignored app/ign:x plain×1',
    ]);
  });

  it('ends with 3 where it is said, with 0 where it only looks so, with 64 for a path that is none', async () => {
    const world = await makeWorld();
    world.write({ a: `${DEAD}Old\n` });
    expect(await world.scan()).toMatchObject({ code: 0, stderr: expect.stringContaining('1 only looks like it') });
    world.write({ b: `${DEAD}\n` });
    expect(await world.scan()).toMatchObject({
      code: 3,
      stdout: expect.stringMatching(/^hit\t.*\tb\toutside\toctets\tplain\t1\t1\t\n/),
    });
    expect(await world.scan(['--from', 'relative'])).toMatchObject({ code: 64 });
    expect(await world.scan([join(world.folder, 'nowhere')])).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('is not there'),
    });
  });

  it('leaves out what it is told to, and says how much', async () => {
    const world = await makeWorld();
    world.write({ 'node_modules/x/a': DEAD, 'src/gen/b.js': DEAD, 'src/b.js': DEAD, 'src/c.log': DEAD });
    const found = await world.told(['--exclude', 'node_modules', '--exclude', 'src/gen/**', '--exclude', '*.log']);
    expect(found).toEqual(['hit outside src/b.js plain×1']);
    const { stderr } = await world.scan(['--exclude', '*_modules', '--exclude', 'src/*.js']);
    expect(stderr).toContain('2 left out');
  });

  it('a root in a repository belongs to it, and roots within others are walked once', async () => {
    const world = await makeWorld();
    world.git('.', 'init', '-q', 'app');
    world.write({ 'app/src/a': DEAD, 'app/b': DEAD });
    world.git('app', 'add', 'src');
    const twice = await world.json([join(world.code, 'app/src')]);
    expect(twice.map(({ file }) => file)).toEqual(['b', 'src/a']);
    const args = ['refs', 'scan', join(world.code, 'app/src'), join(world.code, 'app/b'), '--from', DEAD, '--json'];
    const { stdout } = await scorpioxHere(args, { env: world.env });
    expect(JSON.parse(stdout)).toMatchObject([
      { repository: `${world.code}/app`, file: 'b', standing: 'untracked' },
      { repository: `${world.code}/app`, file: 'src/a', standing: 'tracked' },
    ]);
  });

  it('what cannot be read is told and counted, and that nothing was found then is no success', async () => {
    const world = await makeWorld();
    world.write({ 'shut/a': DEAD, b: 'x', c: 'x' });
    chmodSync(join(world.code, 'shut'), 0);
    chmodSync(join(world.code, 'c'), 0);
    chmodSync(world.folder, 0o755);
    // Nothing is shut to root.
    const user = process.getuid?.() === 0 ? { uid: 65_534 } : {};
    const { code, stdout, stderr } = await scorpiox(['refs', 'scan', world.code, '--from', DEAD], {
      env: world.env,
      ...user,
    });
    chmodSync(join(world.code, 'shut'), 0o700);
    expect(stdout).toBe(
      `unreadable\t\t${world.code}/c\t\t\tEACCES\t0\t\t\nunreadable\t\t${world.code}/shut\t\t\tEACCES\t0\t\t\n`,
    );
    expect([code, stderr]).toEqual([6, `scorpiox: Looked through 1 file: none says ${DEAD}. 2 could not be read.\n`]);
  });

  it('shows it to people in tables, and in colours only where they are wanted', async () => {
    const world = await makeWorld();
    world.write({ 'a\u001b[31m.txt': `${DEAD}\n${DEAD}\n`, near: `${DEAD}Old` });
    const { stdout } = await world.scan([], { atTerminal: true, env: { ...world.env, NO_COLOR: '1' } });
    expect(stdout).toBe(
      `${world.code}\n  standing  spelling  count  file           lines\n  outside   plain     2      a\\x1b[31m.txt  1 2\n\nOnly looks like it: left alone\n  why          count  file${' '.repeat(world.code.length + 3)}lines\n  longer-name  1      ${world.code}/near  1\n`,
    );
  });
});

/** What a file says, to its end. */
function countWhole(file: string): Tally | undefined {
  const from = parseAbsolutePath(DEAD);
  if (!from.ok) throw new Error(from.error);
  const counted = new FileCounter(searchFor(from.value)).count(Buffer.from(file));
  if (counted === undefined || !('next' in counted)) return counted;
  for (;;) {
    const { done, value } = counted.next();
    if (done === true) return value;
  }
}

it('a file of any size is looked through in windows, and nothing on their edges is lost or counted twice', async () => {
  const file = join(await temporaryFolder(), 'large');
  const step = WINDOW_BYTES - 2 * OVERLAP_BYTES;
  const places = [
    0,
    WINDOW_BYTES - OVERLAP_BYTES - 8,
    WINDOW_BYTES - 5,
    WINDOW_BYTES + 40,
    WINDOW_BYTES - OVERLAP_BYTES + step - 3,
    WINDOW_BYTES * 3 - 7,
  ];
  for (const encoding of ['octets', 'utf-16le', 'utf-16be'] as const) {
    const line = (text: string) => (encoding === 'octets' ? Buffer.from(text) : utf16(text, encoding, false));
    const width = encoding === 'octets' ? 1 : 2;
    const octets = Buffer.alloc(WINDOW_BYTES * 4);
    octets.set(line('x'.repeat((WINDOW_BYTES * 4) / width)));
    for (const place of places) octets.set(line(`\n${DEAD}/x `), place & ~1);
    writeFileSync(file, octets);
    const tally = countWhole(file);
    expect(tally?.content).toBe(encoding);
    expect(tally?.hits.get('plain')).toEqual({ count: places.length, lines: places.map((_, at) => at + 2) });
  }
});

it('a zero that comes late makes a large file binary, and a sparse one takes no memory', async () => {
  const file = join(await temporaryFolder(), 'sparse');
  writeFileSync(file, ` ${DEAD}\n`.padEnd(WINDOW_BYTES, ' '));
  truncateSync(file, 64 * 1024 ** 2);
  const end = openSync(file, 'a');
  writeSync(end, ` ${DEAD} `);
  closeSync(end);
  const tally = countWhole(file);
  expect(tally?.content).toBe('binary');
  expect(tally?.hits.get('plain')?.count).toBe(2);
});

it.runIf(process.platform === 'linux')('Ctrl-C ends it with 130, in the middle of a file too', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'endless');
  writeFileSync(file, '');
  truncateSync(file, 512 * 1024 ** 3);
  const child = startScorpiox(['refs', 'scan', folder, '--from', DEAD]);
  const ended = once(child, 'close');
  await expect.poll(() => openFiles(child.pid), { timeout: 30_000 }).toContain(file);
  child.kill('SIGINT');
  expect((await ended)[0]).toBe(130);
});

it.runIf(process.platform === 'linux')('memory does not grow with a file', async () => {
  const folder = await temporaryFolder();
  writeFileSync(join(folder, 'large'), `${DEAD}\n`);
  truncateSync(join(folder, 'large'), 384 * 1024 ** 2);
  const child = startScorpiox(['refs', 'scan', folder, '--from', DEAD]);
  const ended = once(child, 'close');
  let peak = 0;
  const look = setInterval(() => {
    peak = Math.max(peak, mostMemory(child.pid));
  }, 10);
  const [code] = await ended;
  clearInterval(look);
  expect(code).toBe(3);
  expect(peak).toBeGreaterThan(0);
  expect(peak).toBeLessThan(300e6); // some 100 MB are Node's; in a run from source, its compiler's too
});

/** Octets that a process had resident at most; 0 where it has ended. */
function mostMemory(pid = 0): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

const openFiles = (pid = 0): readonly string[] =>
  readdirSync(`/proc/${pid}/fd`).map((descriptor) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${descriptor}`);
    } catch {
      return ''; // closed meanwhile
    }
  });
