// Sessions in containers: a real tmux and a real podman, with an image that comes from no registry.
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
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
  afterAll(async () => {
    await podman?.close();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  });

  // Removing containers takes a second each: every test has a project of a name of its own, and they all go at the end.
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
    await terminal.enter(
      'until [ "$(stty size)" = "19 90" ]; do sleep 1; done; echo "now $(stty size) $(env | grep -c ^TMUX)"',
    );
    await terminal.shows('now 19 90 0');
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
    const { at, project, sx, sxWith } = await openSessions({ SCORPIOX_TMUX_COMMAND: 'sleep 1000' });
    await project('stop');
    const terminal = await at('stop');
    await terminal.shows(/\[stop\]/);
    await expect.poll(() => processes('scorpiox-stop'), PATIENCE).toEqual(['sleep 1000']);
    await terminal.press('C-c');
    expect(await terminal.ended()).toBe(130);
    expect(await sxWith({ SCORPIOX_TMUX_COMMAND: 'nosuch --x' }, 'new', 'stop', '--detached')).toMatchObject({
      code: 69,
      stderr: expect.stringContaining('The command nosuch is not in the container scorpiox-stop'),
    });
    expect((await sx('ls')).stdout).toBe('');
  });

  it('kill ends every process of the session and no other, touches no file, and stops what is ours', async () => {
    const { project, sx } = await openSessions();
    const folder = await project('ends');
    await sx('new', 'ends', '--detached');
    await sx('new', 'ends', '--detached', '--name', 'other');
    const shown = async (session: string) => (await sx('peek', session)).stdout;
    for (const session of ['ends', 'other']) await expect.poll(() => shown(session), PATIENCE).toContain(' #');
    // It hears neither HUP nor TERM, and has left terminal and session.
    await sx('send', 'ends', '--enter', `setsid sh -c 'trap "" HUP TERM; touch started; while :; do sleep 7; done' &`);
    await sx('send', 'other', '--enter', 'sleep 1008');
    await podman('exec', '--detach', 'scorpiox-ends', 'sleep', '1009');
    await expect.poll(() => readdir(folder), PATIENCE).toContain('started');
    await expect.poll(() => processes('scorpiox-ends'), PATIENCE).toContain('sleep 1008');
    const killed = await sx('kill', 'ends', '--json');
    expect(killed.stderr).toBe('');
    expect(JSON.parse(killed.stdout)).toMatchObject({ session: 'ends', project: 'ends', stopped: false });
    expect((await processes('scorpiox-ends')).sort()).toEqual(['/bin/sh -l', 'sleep 1008', 'sleep 1009']);
    expect(JSON.parse((await sx('kill', 'other', '--json')).stdout)).toMatchObject({ processes: 2, stopped: true });
    expect(await podman('inspect', '--format', '{{.State.Status}}', 'scorpiox-ends')).toBe('exited');
    expect(await readdir(folder)).toEqual(['started']);
  });

  it('uses a container that somebody made, and never stops it', async () => {
    const { project, sx } = await openSessions({ SCORPIOX_TMUX_IMAGE: 'localhost/not-there:1' });
    const folder = await project('theirs');
    const make = (...args: readonly string[]) =>
      podman('run', '--detach', '--init', '--name', 'scorpiox-theirs', ...args);
    await make('--env', 'LANG=de_DE.UTF-8', '--env', 'CLAUDE_MODEL=theirs', IMAGE);
    expect(await sx('new', 'theirs', '--detached')).toMatchObject({
      code: 69,
      stderr: expect.stringContaining(`does not have ${folder}`),
    });
    await podman('rm', '--force', '--time', '0', 'scorpiox-theirs');
    await make('--volume', `${folder}:${folder}`, '--env', 'LANG=de_DE.UTF-8', IMAGE);
    await sx('new', 'theirs', '--detached');
    await sx('send', 'theirs', '--enter', 'echo "<$LANG>"');
    await expect.poll(async () => (await sx('peek', 'theirs')).stdout, PATIENCE).toContain('\n<de_DE.UTF-8>');
    expect(JSON.parse((await sx('kill', 'theirs', '--json')).stdout)).toMatchObject({ processes: 1, stopped: false });
    expect(await podman('inspect', '--format', '{{.State.Status}}', 'scorpiox-theirs')).toBe('running');
  });

  it('a server that runs already with another environment neither leaks nor loses it', async () => {
    const { project, sx, tmux, env, folder } = await openSessions();
    await project('early');
    await project('late');
    const theirs = { ...env, CLAUDE_MODEL: 'leak', CONTAINERS_CONF: '/nowhere', CONTAINERS_STORAGE_CONF: '/nowhere' };
    execFileSync('tmux', ['new-session', '-d', '-s', 'theirs', 'sleep', '1000'], {
      env: { ...theirs, DOCKER_HOST: 'tcp://nowhere', HOME: '/nowhere', PATH: '/bin' },
      cwd: folder,
    });
    await writeFile(join(folder, 'variables'), '# mine\nTOKEN=s3cret\n');
    await sx('new', 'early', '--detached', '-m', 'claude-opus-4.5:beta/x', '--env-file', 'variables');
    await sx('new', 'late', '--detached');
    const say = 'echo "<$CLAUDE_MODEL|$(env | grep -c ^CLAUDE_MODEL=)|$TOKEN>"';
    const peek = async (session: string) => (await sx('peek', session)).stdout;
    for (const session of ['early', 'late']) await sx('send', session, '--enter', say);
    await expect.poll(() => peek('early'), PATIENCE).toContain('\n<claude-opus-4.5:beta/x|1|s3cret>');
    await expect.poll(() => peek('late'), PATIENCE).toContain('\n<|0|>');
    // A window that is opened by hand is in the container too; one with a program of its own is where it was asked for.
    await tmux('new-window', '-t', '=early:');
    await sx('send', 'early', '--enter', `${say}; hostname`);
    await expect.poll(() => peek('early'), PATIENCE).toContain('\n<claude-opus-4.5:beta/x|1|s3cret>');
    await tmux('new-window', '-t', '=early:', 'echo outside-$CLAUDE_MODEL; sleep 1000');
    await expect.poll(() => peek('early'), PATIENCE).toContain('outside-leak');
    expect((await sx('ls', '--jq', '.[] | "\\(.session) \\(.model)."')).stdout).toBe(
      'early claude-opus-4.5:beta/x.\nlate .\n',
    );
  });

  it('begins anew in the container with another model, from any window, and whoever is in it stays', async () => {
    const { at, project, sx } = await openSessions();
    await project('anew');
    const terminal = await at('anew', '-m', 'opus', '--env', 'A=b');
    await terminal.shows(' #');
    await terminal.enter('sleep 1000 &');
    await terminal.press('C-b', '"');
    await expect.poll(() => processes('scorpiox-anew'), PATIENCE).toHaveLength(3);
    expect(await sx('restart', 'anew', '-m', 'haiku', '--jq', '.model')).toMatchObject({ code: 0, stdout: 'haiku\n' });
    await terminal.enter('clear; echo "<$CLAUDE_MODEL|$A>"');
    await terminal.shows(/<haiku\|b>/);
    expect(await processes('scorpiox-anew')).toEqual(['/bin/sh -l']);
    await terminal.enter('exit 3');
    expect(await terminal.ended()).toBe(3);
  });

  it('what tmux ends by itself ends in the container too, and what another session runs does not', async () => {
    const { project, sx, tmux } = await openSessions();
    await project('twins');
    // Two that come at once for a container that is not there yet: one makes it, and the session; both are told of it.
    const both = await Promise.all([1, 2].map(() => sx('enter', 'twins', '--detached', '--jq', '.session')));
    expect(both).toEqual([1, 2].map(() => ({ code: 0, stdout: 'twins\n', stderr: '' })));
    await sx('new', 'twins', '--detached', '--name', 'other');
    await sx('send', 'twins', '--enter', 'sleep 1001');
    await sx('send', 'other', '--enter', 'sleep 1002');
    await expect.poll(() => processes('scorpiox-twins'), PATIENCE).toHaveLength(4);
    await tmux('kill-session', '-t', '=twins:');
    await expect
      .poll(async () => (await processes('scorpiox-twins')).sort(), PATIENCE)
      .toEqual(['/bin/sh -l', 'sleep 1002']);
    process.kill(Number(await tmux('display-message', '-p', '#{pid}')), 'SIGKILL');
    await expect.poll(() => processes('scorpiox-twins'), PATIENCE).toEqual([]);
    expect(await sx('ls')).toMatchObject({ code: 0, stdout: '' });
  });

  it('says that the container was stopped from outside, and starts it again', async () => {
    const { at, project, sx } = await openSessions();
    await project('still');
    const terminal = await at('still');
    await terminal.shows(' #');
    await podman('stop', '-t', '1', 'scorpiox-still');
    expect(await terminal.ended()).toBe(69);
    expect(await terminal.screen()).toContain('The container scorpiox-still does not run any more');
    expect(await sx('new', 'still', '--detached')).toMatchObject({ code: 0, stderr: '' });
  });

  it('takes any name a folder may have, without a shell or a parser reading it', async () => {
    const { project, sx, folder } = await openSessions();
    const names = ['proj', 'project', `;\`$(touch harm)\` '#(touch harm) ,a:"c" ;`, '-köln ☃'];
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
    await project('lack');
    const failed = async (env: Readonly<Record<string, string>>) => {
      const { project: make, sx: run } = await openSessions(env);
      await make('lack');
      const { code, stderr, stdout } = await run('new', 'lack', '--detached');
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
      stderr: expect.stringMatching(/scorpiox-lack is that of .*\/lack, and not of/),
    });
    const { sx: without, project: make } = await open({ ...podman.env });
    await make('none');
    expect(await without('new', 'none', '--detached')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('--native'),
    });
    expect((await sx('ls')).stdout).toBe('');
  });
});
