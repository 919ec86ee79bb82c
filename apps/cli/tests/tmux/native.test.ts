// Sessions without a container, in a real tmux.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWith } from '../../../../tests/support/programs.ts';
import { shellWord } from '../../src/ops/shell-word.ts';
import { PATIENCE, scorpioxArgv } from '../support/terminal.ts';
import { openSessions } from '../support/tmux.ts';

/** A name that does harm wherever a shell, a format of tmux or its parser gets to read it. */
const EVIL = `a;b $(touch harm) \`touch harm\` '"#(touch harm)|&<>\\{};`;

/** The fields that docs/cli.md names. */
function documented(row: string): readonly string[] {
  const document = readFileSync(join(import.meta.dirname, '../../../../docs/cli.md'), 'utf8');
  const line = document.split('\n').find((one) => one.startsWith(`| \`${row}\``) && one.includes('{')) ?? '';
  return /`\{([^`]*)\}`/.exec(line)?.[1]?.split(', ') ?? [];
}

describeWith(['tmux'], 'sessions on this machine', () => {
  it('goes into a session in a terminal, and ends as its program does', async () => {
    const { at, project, sx } = await openSessions();
    const folder = await project('shop');
    const terminal = await at('shop', '--native', '-m', 'opus');
    await terminal.shows('[shop]');
    await terminal.enter('echo "<$CLAUDE_MODEL>" "$(pwd)"; stty size');
    await terminal.shows(`<opus> ${folder}`);
    await terminal.shows('29 100');
    expect(JSON.parse((await sx('ls', '--json')).stdout)).toMatchObject([
      { session: 'shop', project: 'shop', model: 'opus', container: '', attached: 1, windows: 1, folder },
    ]);
    await terminal.resize(90, 20);
    // The new size takes its way through two of tmux.
    await terminal.enter('until [ "$(stty size)" = "19 90" ]; do sleep 1; done; echo "now $(stty size)"');
    await terminal.shows('now 19 90');
    await terminal.enter('exit 7');
    expect(await terminal.ended()).toBe(7);
    expect(await terminal.screen()).toContain('shop ended with 7');
    expect((await sx('ls')).stdout).toBe('');
  });

  it('tells how a program ended that ended at once, or by a signal', async () => {
    const { at, project } = await openSessions({ SCORPIOX_TMUX_COMMAND: `sh -c 'exit 3'` });
    await project('shop');
    expect(await (await at('shop', '--native')).ended()).toBe(3);
    const { at: killed, project: make } = await openSessions({ SCORPIOX_TMUX_COMMAND: `sh -c 'kill -9 $$'` });
    await make('shop');
    expect(await (await killed('shop', '--native')).ended()).toBe(137);
  });

  it('leaves it with 0 and comes back to the same; stopped, it gives the terminal back', async () => {
    const { at, project, sx } = await openSessions();
    await project('shop');
    const first = await at('shop', '--native');
    await first.shows('[shop]');
    await first.enter('mark=here');
    await first.press('C-b', 'd');
    expect(await first.ended()).toBe(0);
    const again = await at('enter', 'shop', '-m', 'haiku');
    await again.shows('The session shop has no model of its own and keeps it.');
    await again.enter('echo "<$mark>"');
    await again.shows('<here>');
    expect((await sx('kill', 'shop')).code).toBe(0);
    expect(await again.ended()).toBe(0);
    expect(await again.screen()).toContain('[exited]');
  });

  it('runs a command of one word, and any other, without a shell', async () => {
    const { project, sx, folder, tmux } = await openSessions({ SCORPIOX_TMUX_COMMAND: `'./${EVIL.replace("'", '')}'` });
    const place = await project(EVIL);
    await writeFile(join(place, EVIL.replace("'", '')), '#!/bin/sh\necho ran >ran\nexec sleep 1000\n', { mode: 0o755 });
    const made = await sx('new', EVIL, '--native', '--detached', '--json');
    expect({ code: made.code, stderr: made.stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(made.stdout)).toMatchObject({ project: EVIL, folder: place });
    await expect.poll(() => existsSync(join(place, 'ran')), PATIENCE).toBe(true);
    expect(existsSync(join(place, 'harm')) || existsSync(join(folder, 'harm'))).toBe(false);
    expect(await tmux('list-panes', '-a', '-F', '#{pane_current_path}')).toBe(`${place}\n`);
    expect(await sx('kill', EVIL)).toMatchObject({ code: 0 });
    expect((await sx('ls')).stdout).toBe('');
  });

  it('sets and takes away what a server that runs already has otherwise', async () => {
    const { project, sx, tmux, env } = await openSessions();
    await project('shop');
    await project('blog');
    await tmux(
      'start-server',
      ';',
      'set-option',
      '-g',
      'exit-empty',
      'off',
      ';',
      'set-option',
      '-g',
      'destroy-unattached',
      'on',
      ';',
      'set-environment',
      '-g',
      'CLAUDE_MODEL',
      'leak',
    );
    await sx('new', 'shop', '--native', '--detached', '-m', 'opus', '--env', 'A=b c', '--env', 'B=;');
    await sx('new', 'blog', '--native', '--detached');
    const say = 'echo "<$CLAUDE_MODEL|$(env | grep -c ^CLAUDE_MODEL=)|$A|$B>"';
    for (const session of ['shop', 'blog']) await sx('send', session, '--enter', say);
    const peek = async (session: string) => (await sx('peek', session)).stdout;
    await expect.poll(() => peek('shop'), PATIENCE).toContain('\n<opus|1|b c|;>');
    await expect.poll(() => peek('blog'), PATIENCE).toContain('\n<|0||>');
    expect(env).not.toHaveProperty('CLAUDE_MODEL');
    // A window that is opened by hand is the same.
    await tmux('new-window', '-t', '=blog:');
    await sx('send', 'blog', '--enter', say);
    await expect.poll(() => peek('blog'), PATIENCE).toContain('\n<|0||>');
  });

  it('of several that come at once one makes the session, and the others find it', async () => {
    const { project, sx } = await openSessions({ SCORPIOX_TMUX_COMMAND: 'sleep 1000' });
    await project('shop');
    await project('blog');
    const three = (verb: string, name: string) =>
      Promise.all(['opus', 'haiku', 'x'].map((model) => sx(verb, name, '--native', '--detached', '-m', model)));
    const entered = await three('enter', 'shop');
    expect(entered.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(new Set(entered.map(({ stdout }) => stdout)).size).toBe(1);
    expect(entered.filter(({ stderr }) => stderr.includes('keeps it'))).toHaveLength(2);
    const made = await three('new', 'blog');
    expect(made.map(({ code }) => code).sort()).toEqual([0, 1, 1]);
    expect(made.filter(({ stderr }) => stderr.includes('is there already'))).toHaveLength(2);
  });

  it('started by its own name, it gives tmux the environment that the machine has, and not its own Node', async () => {
    const { project, env, folder, tmux } = await openSessions({ SCORPIOX_TMUX_COMMAND: 'sleep 1000' });
    await project('shop');
    const bin = join(import.meta.dirname, '../../bin/scorpiox-tmux.mjs');
    const theirs = { ...env, NODE_OPTIONS: '--no-deprecation' };
    execFileSync(process.execPath, [bin, 'shop', '--native', '--detached', '-m', 'opus'], { env: theirs, cwd: folder });
    const lines = (await tmux('show-environment', '-g')).split('\n');
    expect(lines).toContain(`PATH=${env.PATH}`);
    expect(lines).toContain('NODE_OPTIONS=--no-deprecation');
    expect(
      lines.filter((line) => /^(?:NODE_COMPILE_CACHE|TURBO_TELEMETRY_DISABLED|SCORPIOX_LAUNCHED)=/.test(line)),
    ).toEqual([]);
    expect((await tmux('list-sessions', '-F', '#{session_name} #{@scorpiox-model}')).trim()).toBe('shop opus');
  });

  it('begins anew with another model, and whoever is in it stays in it', async () => {
    const { at, project, sx } = await openSessions({ SCORPIOX_TMUX_MODEL: 'sonnet' });
    await project('shop');
    const terminal = await at('shop', '--native', '--env', 'A=1');
    await terminal.enter('echo "<$CLAUDE_MODEL|$A|$B>"');
    await terminal.shows('<sonnet|1|>');
    const entered = await sx('enter', 'shop', '--detached', '-m', 'opus');
    expect(entered.stderr).toContain('The session shop has the model sonnet and keeps it.');
    expect(entered.stderr).toContain('scorpiox tmux restart shop -m opus');
    const restarted = await sx('restart', 'shop', '-m', 'opus', '--env', 'B=2', '--jq', '.model');
    expect(restarted).toEqual({ code: 0, stdout: 'opus\n', stderr: '' });
    await terminal.enter('clear; echo "<$CLAUDE_MODEL|$A|$B>"');
    await terminal.shows('<opus||2>');
    expect((await sx('ls', '--jq', '.[].model')).stdout).toBe('opus\n');
    await terminal.enter('exit 4');
    expect(await terminal.ended()).toBe(4);
  });

  it('begins anew with the variables of another file, and none of the first', async () => {
    const { project, sx, folder } = await openSessions();
    await project('shop');
    const long = 'x'.repeat(4_000);
    await writeFile(join(folder, 'first'), 'OLD=1\nBOTH=a\n');
    await writeFile(join(folder, 'second'), `BOTH=b\nLONG=${long}\n`);
    await sx('new', 'shop', '--native', '--detached', '--env-file', 'first', '--env', 'A=1');
    expect(await sx('restart', 'shop', '--env-file', 'second', '-m', 'opus')).toMatchObject({ code: 0, stderr: '' });
    await sx('send', 'shop', '--enter', 'clear; echo "<$OLD|$BOTH|$(printf %s $LONG | wc -c)|$A|$CLAUDE_MODEL>"');
    await expect.poll(async () => (await sx('peek', 'shop')).stdout, PATIENCE).toContain('<|b|4000|1|opus>\n');
  });

  it('shows, follows and types, letter by letter', async () => {
    const { project, sx, tmux } = await openSessions({ SCORPIOX_TMUX_COMMAND: 'cat' });
    await project('shop');
    await sx('new', 'shop', '--native', '--detached');
    const lines = async (...more: readonly string[]): Promise<readonly string[]> =>
      JSON.parse((await sx('peek', 'shop', '--json', ...more)).stdout).lines;
    const watched = sx('watch', 'shop', '--json', '-n', '2');
    // The history is looked at, where letters are commands.
    await tmux('copy-mode', '-t', '=shop:');
    const twice: string[] = [];
    for (const text of ['Enter', 'q;', '-x äöü ☃', ';']) {
      expect((await sx('send', 'shop', '--enter', '--', text)).code).toBe(0);
      twice.push(text, text); // by the terminal, and by cat: which may take longer than the next text to come
      await expect.poll(() => lines(), PATIENCE).toEqual(twice);
    }
    expect(await lines('--lines', '3')).toEqual(twice.slice(-3));
    const [session] = JSON.parse((await sx('ls', '--json')).stdout);
    expect(Object.keys(session)).toEqual(documented('tmux ls'));
    expect(Object.keys(JSON.parse((await sx('peek', 'shop', '--json')).stdout))).toEqual(documented('tmux peek'));
    const long = 'x'.repeat(9_999);
    await sx('send', 'shop', `${long}y`);
    await expect.poll(async () => (await lines()).join(''), PATIENCE).toContain(`xxxy`);
    const killed = JSON.parse((await sx('kill', 'shop', '--json')).stdout);
    expect(Object.keys(killed)).toEqual(documented('tmux kill'));
    expect(killed).toEqual({ session: 'shop', project: 'shop', processes: 0, stopped: false });
    const { code, stdout, stderr } = await watched;
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'scorpiox: The session shop has ended.\n' });
    expect(
      stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line).session),
    ).toContain('shop');
    expect(await sx('peek', 'shop')).toMatchObject({ code: 1, stderr: expect.stringContaining('no session "shop"') });
  });

  it('tells sessions apart whose names begin alike, or are one to tmux', async () => {
    const { project, sx, tmux } = await openSessions({ SCORPIOX_TMUX_COMMAND: 'sleep 1000' });
    for (const name of ['proj', 'project', 'a.b', 'a_b', '-x', 'köln ☃', 'group/one']) await project(name);
    const make = (...args: readonly string[]) => sx('new', '--native', '--detached', '--jq', '.session', ...args);
    expect((await make('project')).stdout).toBe('project\n');
    expect(await sx('peek', 'proj')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Did you mean project?'),
    });
    expect((await make('proj')).stdout).toBe('proj\n');
    expect(await make('proj')).toMatchObject({ code: 1, stderr: expect.stringContaining('is there already') });
    expect((await make('a.b')).stdout).toBe('a_b\n');
    expect(await make('a_b')).toMatchObject({
      code: 5,
      stderr: expect.stringMatching(/a_b is that of .*\/a\.b, .*--name/),
    });
    expect((await make('a_b', '--name', 'other')).stdout).toBe('other\n');
    expect((await make('--', '-x')).stdout).toBe('-x\n');
    expect((await make('köln ☃')).stdout).toBe('köln _\n');
    expect((await make('group/one')).stdout).toBe('group/one\n');
    await tmux('new-session', '-d', '-s', 'theirs');
    await project('theirs');
    expect(await make('theirs')).toMatchObject({ code: 5, stderr: expect.stringContaining('not made by scorpiox') });
    await sx('kill', 'proj');
    expect((await sx('kill', '--', '-x')).code).toBe(0);
    expect((await sx('ls', '--jq', '.[].session')).stdout.split('\n').sort().join(' ')).toBe(
      ' a_b group/one köln _ other project',
    );
    // By its project's name as well; a.b is not a_b.
    expect((await sx('kill', 'a.b', '--jq', '.session')).stdout).toBe('a_b\n');
    expect((await sx('kill', 'a_b', '--jq', '.session')).stdout).toBe('other\n');
  });

  it('takes the word of a command before and after its options, and never for a project', async () => {
    const { project, sx } = await openSessions({ SCORPIOX_TMUX_COMMAND: 'sleep 1000' });
    for (const name of ['new', 'ls', 'shop']) await project(name);
    const native = ['--native', '--detached', '--jq', '"\\(.session) \\(.model)"'];
    expect((await sx('-m', 'opus', 'new', 'shop', ...native)).stdout).toBe('shop opus\n');
    expect(await sx('--model=opus', 'new', 'shop', ...native)).toMatchObject({ code: 1 });
    expect((await sx(...native, '-m', 'opus', 'enter', 'new')).stdout).toBe('new opus\n');
    expect((await sx('-m', 'ls', 'enter', 'ls', ...native)).stdout).toBe('ls ls\n');
    expect(await sx('-m', 'opus', 'ls')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining("unknown option '-m'"),
    });
    expect(await sx('-m', 'opus', '--native', '--detached', '--dry-run', '--', 'ls')).toMatchObject({ code: 0 });
  });

  it('says what is wrong with a project, and where it looked', async () => {
    const { project, sx, folder, env } = await openSessions();
    const shop = await project('shop');
    await project('workshop');
    await mkdir(join(folder, 'outside'));
    await symlink(join(folder, 'outside'), join(env.SCORPIOX_TMUX_ROOTS ?? '', 'link'));
    await symlink(shop, join(env.SCORPIOX_TMUX_ROOTS ?? '', 'again'));
    const failed = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await sx('enter', '--native', '--dry-run', ...args);
      return { code, stdout, stderr };
    };
    expect(await failed('shp')).toEqual({
      code: 1,
      stdout: '',
      stderr: `scorpiox: There is no project shp. Did you mean shop? Looked in ${env.SCORPIOX_TMUX_ROOTS}; tmux.roots says where.\n`,
    });
    for (const name of ['..', '../outside', 'shop/../../outside', '/etc', '', 'a\nb'])
      expect(await failed('--', name), name).toMatchObject({ code: 64, stdout: '' });
    expect(await failed('link')).toMatchObject({ code: 5, stderr: expect.stringContaining('leads out of') });
    expect((await failed('again')).code).toBe(0);
    expect(await failed()).toMatchObject({ code: 64, stderr: expect.stringContaining('shop') });
    expect(await sx('enter', 'shop', '--native')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('--detached'),
    });
    expect(await sx('enter', 'shop', '-m', '$(x)')).toMatchObject({ code: 64 });
    expect((await sx('ls')).stdout).toBe('');
  });

  it('a rehearsal prints what can be pasted, and does nothing', async () => {
    const { project, sx, folder, at, env } = await openSessions();
    const place = await project("it's; a $(shop)");
    await writeFile(join(folder, 'variables'), '# mine\n\nTOKEN=s3cret\n');
    const args = [
      "it's; a $(shop)",
      '--native',
      '-m',
      'opus',
      '--env',
      'A=$B',
      '--env-file',
      join(folder, 'variables'),
    ];
    const { code, stdout } = await sx('new', ...args, '--detached', '--dry-run');
    expect(code).toBe(0);
    expect((await sx('ls')).stdout).toBe('');
    await writeFile(join(folder, 'paste.sh'), stdout);
    execFileSync('sh', [join(folder, 'paste.sh')], { env });
    expect(JSON.parse((await sx('ls', '--json')).stdout)).toMatchObject([{ model: 'opus', folder: place }]);
    const terminal = await at("it's; a $(shop)");
    await terminal.enter('echo "<$A|$TOKEN>" $PWD; echo "$A" >out');
    await terminal.shows('<$B|s3cret>');
    expect(await readFile(join(place, 'out'), 'utf8')).toBe('$B\n');
  });

  it('inside tmux it shows the other session in its place', async () => {
    const { at, project, sx, tmux } = await openSessions();
    await project('shop');
    await project('blog');
    const terminal = await at('shop', '--native');
    await terminal.shows('[shop]');
    await terminal.enter(scorpioxArgv('tmux', 'blog', '--native').map(shellWord).join(' '));
    await terminal.shows('[blog]');
    expect((await tmux('list-clients', '-F', '#{session_name}')).trim()).toBe('blog');
    expect((await sx('ls', '--jq', '.[] | "\\(.session) \\(.attached)"')).stdout).toBe('blog 1\nshop 0\n');
  });
});
