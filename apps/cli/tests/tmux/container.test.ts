// Sessions in containers: a real tmux and a real podman, with an image that comes from no registry.
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../../../../tests/support/programs.ts';
import { BARE_IMAGE, IMAGE, openPodman, type Podman } from '../support/podman.ts';
import { PATIENCE } from '../support/terminal.ts';
import { openSessions as open, type Sessions } from '../support/tmux.ts';

describeWith(['tmux', 'podman', 'runc', 'catatonit', '/bin/busybox'], 'sessions in containers', () => {
  let home = '';
  let podman: Podman; // not there where the hook failed
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'scorpiox-podman-'));
    podman = await openPodman(home);
  });
  afterEach(() => podman?.('rm', '--all', '--force', '--time', '0'));
  afterAll(async () => {
    await podman?.close();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  });

  const openSessions = (more: Readonly<Record<string, string>> = {}): Promise<Sessions> =>
    open({ SCORPIOX_TMUX_IMAGE: IMAGE, SCORPIOX_TMUX_ENGINE: 'podman', ...podman.env, ...more });

  /** What runs in a container, without its own sleep. */
  const processes = async (container: string) => {
    const lines = (await podman('top', container, 'args')).split('\n').slice(1);
    return lines.map((line) => line.trim()).filter((line) => !line.includes('2147483647'));
  };

  it('goes into the container of a project, with the model, the folder, the terminal and its size', async () => {
    const { at, project, sx } = await openSessions();
    const folder = await project('shop');
    await writeFile(join(folder, 'mine'), 'kept');
    const terminal = await at('shop', '-m', 'opus', '--env', 'A=b c;', '--env', 'PATH=/bin');
    await terminal.shows(' #');
    await terminal.enter('echo "<$CLAUDE_MODEL|$A|$LANG|$0|$SHELL|$PATH>" "$(pwd)" "$TERM" $(ls) $(hostname)');
    await terminal.shows(`<opus|b c;|C.UTF-8|/bin/sh|/bin/sh|/bin> ${folder}`);
    await terminal.resize(90, 20);
    await terminal.enter('clear; stty size; env | grep -c ^TMUX');
    await terminal.shows('19 90');
    // Nothing is held back, as ctrl-p is where the engine takes it for its own.
    await terminal.enter('cat');
    await terminal.press('C-p');
    await terminal.shows('^P');
    await terminal.press('C-c');
    await terminal.enter('echo "ended $?"');
    await terminal.shows('ended 130');
    await terminal.enter('exit 7');
    expect(await terminal.ended()).toBe(7);
    expect((await sx('ls')).stdout).toBe('');
    // The next session finds the same container.
    const id = await podman('inspect', '--format', '{{.Id}}', 'scorpiox-shop');
    await sx('new', 'shop', '--detached');
    expect(await podman('inspect', '--format', '{{.Id}}', 'scorpiox-shop')).toBe(id);
  });

  it('Ctrl-C ends what it runs with 130, and it tells a command that is not there before there is a session', async () => {
    const { at, project } = await openSessions({ SCORPIOX_TMUX_COMMAND: 'sleep 1000' });
    await project('shop');
    const terminal = await at('shop');
    await terminal.shows(/\[shop\]/);
    await expect.poll(() => processes('scorpiox-shop'), PATIENCE).toEqual(['sleep 1000']);
    await terminal.press('C-c');
    expect(await terminal.ended()).toBe(130);
    const { project: make, sx } = await openSessions({ SCORPIOX_TMUX_COMMAND: 'nosuch --x' });
    await make('blog');
    expect(await sx('new', 'blog', '--detached')).toMatchObject({
      code: 69,
      stderr: expect.stringContaining('The command nosuch is not in the container scorpiox-blog'),
    });
    expect((await sx('ls')).stdout).toBe('');
  });

  it('kill ends every process of the session and no other, touches no file, and stops what is ours', async () => {
    const { project, sx } = await openSessions();
    const folder = await project('shop');
    await sx('new', 'shop', '--detached');
    await sx('new', 'shop', '--detached', '--name', 'other');
    const shown = async (session: string) => (await sx('peek', session)).stdout;
    for (const session of ['shop', 'other']) await expect.poll(() => shown(session), PATIENCE).toContain(' #');
    // It hears neither HUP nor TERM, and has left terminal and session.
    await sx('send', 'shop', '--enter', `setsid sh -c 'trap "" HUP TERM; touch started; while :; do sleep 7; done' &`);
    await sx('send', 'other', '--enter', 'sleep 1008');
    await podman('exec', '--detach', 'scorpiox-shop', 'sleep', '1009');
    await expect.poll(() => readdir(folder), PATIENCE).toContain('started');
    await expect.poll(() => processes('scorpiox-shop'), PATIENCE).toContain('sleep 1008');
    const killed = await sx('kill', 'shop', '--json');
    expect(killed.stderr).toBe('');
    expect(JSON.parse(killed.stdout)).toMatchObject({ session: 'shop', project: 'shop', stopped: false });
    expect((await processes('scorpiox-shop')).sort()).toEqual(['/bin/sh -l', 'sleep 1008', 'sleep 1009']);
    expect(JSON.parse((await sx('kill', 'other', '--json')).stdout)).toMatchObject({ processes: 2, stopped: true });
    expect(await podman('inspect', '--format', '{{.State.Status}}', 'scorpiox-shop')).toBe('exited');
    expect(await readdir(folder)).toEqual(['started']);
    // What was written in the container is there when it is started again.
    await sx('new', 'shop', '--detached');
    expect(await podman('inspect', '--format', '{{.State.Status}}', 'scorpiox-shop')).toBe('running');
  });

  it('uses a container that somebody made, and never stops it', async () => {
    const { project, sx } = await openSessions({ SCORPIOX_TMUX_IMAGE: 'localhost/not-there:1' });
    const folder = await project('shop');
    const make = (...args: readonly string[]) =>
      podman('run', '--detach', '--init', '--name', 'scorpiox-shop', ...args);
    await make('--env', 'LANG=de_DE.UTF-8', '--env', 'CLAUDE_MODEL=theirs', IMAGE);
    expect(await sx('new', 'shop', '--detached')).toMatchObject({
      code: 69,
      stderr: expect.stringContaining(`does not have ${folder}`),
    });
    await podman('rm', '--force', '--time', '0', 'scorpiox-shop');
    await make('--volume', `${folder}:${folder}`, '--env', 'LANG=de_DE.UTF-8', IMAGE);
    await sx('new', 'shop', '--detached');
    await sx('send', 'shop', '--enter', 'echo "<$LANG>"');
    await expect.poll(async () => (await sx('peek', 'shop')).stdout, PATIENCE).toContain('\n<de_DE.UTF-8>');
    expect(JSON.parse((await sx('kill', 'shop', '--json')).stdout)).toMatchObject({ processes: 1, stopped: false });
    expect(await podman('inspect', '--format', '{{.State.Status}}', 'scorpiox-shop')).toBe('running');
  });

  it('a server that runs already with another environment neither leaks nor loses it', async () => {
    const { project, sx, tmux, env, folder } = await openSessions();
    await project('shop');
    await project('blog');
    const theirs = { ...env, CLAUDE_MODEL: 'leak', CONTAINERS_CONF: '/nowhere', CONTAINERS_STORAGE_CONF: '/nowhere' };
    execFileSync('tmux', ['new-session', '-d', '-s', 'theirs', 'sleep', '1000'], {
      env: { ...theirs, DOCKER_HOST: 'tcp://nowhere', HOME: '/nowhere', PATH: '/bin' },
      cwd: folder,
    });
    await writeFile(join(folder, 'variables'), '# mine\nTOKEN=s3cret\n');
    await sx('new', 'shop', '--detached', '-m', 'claude-opus-4.5:beta/x', '--env-file', 'variables');
    await sx('new', 'blog', '--detached');
    const say = 'echo "<$CLAUDE_MODEL|$(env | grep -c ^CLAUDE_MODEL=)|$TOKEN>"';
    const peek = async (session: string) => (await sx('peek', session)).stdout;
    for (const session of ['shop', 'blog']) await sx('send', session, '--enter', say);
    await expect.poll(() => peek('shop'), PATIENCE).toContain('\n<claude-opus-4.5:beta/x|1|s3cret>');
    await expect.poll(() => peek('blog'), PATIENCE).toContain('\n<|0|>');
    // A window that is opened by hand is in the container too; one with a program of its own is where it was asked for.
    await tmux('new-window', '-t', '=shop:');
    await sx('send', 'shop', '--enter', `${say}; hostname`);
    await expect.poll(() => peek('shop'), PATIENCE).toContain('\n<claude-opus-4.5:beta/x|1|s3cret>');
    await tmux('new-window', '-t', '=shop:', 'echo outside-$CLAUDE_MODEL; sleep 1000');
    await expect.poll(() => peek('shop'), PATIENCE).toContain('outside-leak');
    expect((await sx('ls', '--jq', '.[] | "\\(.session) \\(.model)."')).stdout).toBe(
      'blog .\nshop claude-opus-4.5:beta/x.\n',
    );
  });

  it('begins anew in the container with another model, from any window, and whoever is in it stays', async () => {
    const { at, project, sx } = await openSessions();
    await project('shop');
    const terminal = await at('shop', '-m', 'opus', '--env', 'A=b');
    await terminal.shows(' #');
    await terminal.enter('sleep 1000 &');
    await terminal.press('C-b', '"');
    await expect.poll(() => processes('scorpiox-shop'), PATIENCE).toHaveLength(3);
    expect(await sx('restart', 'shop', '-m', 'haiku', '--jq', '.model')).toMatchObject({ code: 0, stdout: 'haiku\n' });
    await terminal.enter('clear; echo "<$CLAUDE_MODEL|$A>"');
    await terminal.shows(/<haiku\|b>/);
    expect(await processes('scorpiox-shop')).toEqual(['/bin/sh -l']);
    await terminal.enter('exit 3');
    expect(await terminal.ended()).toBe(3);
  });

  it('says that the container was stopped from outside, and starts it again', async () => {
    const { at, project, sx } = await openSessions();
    await project('shop');
    const terminal = await at('shop');
    await terminal.shows(' #');
    await podman('stop', '-t', '1', 'scorpiox-shop');
    expect(await terminal.ended()).toBe(69);
    expect(await terminal.screen()).toContain('The container scorpiox-shop does not run any more');
    expect(await sx('new', 'shop', '--detached')).toMatchObject({ code: 0, stderr: '' });
  });

  it('takes any name a folder may have, without a shell or a parser reading it', async () => {
    const { project, sx, folder } = await openSessions();
    const names = ['proj', 'project', 'a,b:"c"', `;\`$(touch harm)\` '#(touch harm) ;`, '-köln ☃'];
    for (const name of names) {
      const place = await project(name);
      await writeFile(join(place, 'name'), name);
      expect(await sx('new', '--detached', '--', name), name).toMatchObject({ code: 0, stderr: '' });
      expect((await sx('send', '--enter', '--', name, 'cp name seen; cat name >seen')).code).toBe(0);
      await expect.poll(() => readFile(join(place, 'seen'), 'utf8').catch(() => ''), PATIENCE).toBe(name);
      expect((await readdir(place)).sort(), name).toEqual(['name', 'seen']);
    }
    expect(await readdir(folder)).not.toContain('harm');
    await sx('kill', 'proj');
    expect((await sx('ls', '--jq', '.[].project')).stdout.trim().split('\n').sort()).toEqual(
      names.filter((name) => name !== 'proj').sort(),
    );
  });

  it('says what is missing: an image, an engine, a shell; and whose container it is', async () => {
    const { project, sx, folder } = await openSessions();
    await project('shop');
    const failed = async (env: Readonly<Record<string, string>>) => {
      const { project: make, sx: run } = await openSessions(env);
      await make('shop');
      const { code, stderr, stdout } = await run('new', 'shop', '--detached');
      expect(stdout).toBe('');
      return { code, stderr };
    };
    expect(await failed({ SCORPIOX_TMUX_IMAGE: 'localhost/nosuch:1' })).toMatchObject({
      code: 69,
      stderr: expect.stringMatching(/no image localhost\/nosuch:1 here\. .*`podman pull localhost\/nosuch:1`/),
    });
    await symlink('/usr/bin/tmux', join(folder, 'tmux'));
    expect(await failed({ PATH: folder })).toMatchObject({
      code: 69,
      stderr: expect.stringContaining('podman is not there'),
    });
    expect(await failed({ SCORPIOX_TMUX_IMAGE: BARE_IMAGE })).toMatchObject({
      code: 69,
      stderr: expect.stringContaining('has no shell'),
    });
    // The container of a project of this name elsewhere.
    expect(await failed({})).toMatchObject({
      code: 5,
      stderr: expect.stringMatching(/scorpiox-shop is that of .*\/shop, and not of/),
    });
    await podman('rm', '--all', '--force', '--time', '0');
    const { sx: without, project: make } = await open({ ...podman.env });
    await make('shop');
    expect(await without('new', 'shop', '--detached')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('--native'),
    });
    expect((await sx('ls')).stdout).toBe('');
  });
});
