import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWith } from '../../../../tests/support/programs.ts';
import { failureOfGit } from '../../src/ops/git/failure.ts';
import { type GitOptions, git, gitRecords } from '../../src/ops/git/run.ts';
import { GIT_ENV, makeRepository } from '../support/git.ts';
import { temporaryFolder } from '../support/scorpiox.ts';

const at = (path: string | Buffer) => ({ root: Buffer.from(path) });
const base: GitOptions = { base: GIT_ENV };

describeWith(['git'], 'asking git', () => {
  it('answers with bytes and an exit code', async () => {
    const { path } = makeRepository(await temporaryFolder());
    const answer = await git(at(path), ['rev-parse', '--is-inside-work-tree'], base);
    expect(answer).toEqual({ ok: true, value: { stdout: Buffer.from('true\n'), code: 0, said: '' } });
  });

  it('takes exit codes for answers where it is told to, and else says what git said', async () => {
    const { path } = makeRepository(await temporaryFolder());
    const asked = ['config', '--get', 'scorpiox.nothing'];
    expect(await git(at(path), asked, { ...base, okCodes: [1] })).toMatchObject({ ok: true, value: { code: 1 } });
    expect(await git(at(path), ['rev-parse', '--verify', 'gone'], base)).toEqual({
      ok: false,
      error: { code: 'failed', message: 'git rev-parse ended with 128: Needed a single revision.' },
    });
  });

  it('lets nothing in that would mean another repository', async () => {
    const folder = await temporaryFolder();
    const [here, other] = [makeRepository(join(folder, 'here')), makeRepository(join(folder, 'other'))];
    const leaking = { ...GIT_ENV, GIT_DIR: join(other.path, '.git'), GIT_WORK_TREE: other.path, GIT_INDEX_FILE: '/x' };
    const answer = await git(at(here.path), ['rev-parse', '--show-toplevel'], { base: leaking });
    expect(answer.ok && answer.value.stdout.toString()).toBe(`${here.path}\n`);
  });

  it('never means the repository around one that is broken', async () => {
    const folder = await temporaryFolder();
    makeRepository(folder);
    // A colon cannot be said in git's list of ceilings, nor can bytes that are no text.
    for (const name of ['inner', 'in:ner', Buffer.from([0x69, 0xff])]) {
      const path = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name)]);
      mkdirSync(path);
      expect(await git(at(path), ['rev-parse', '--git-dir'], base)).toMatchObject({
        ok: false,
        error: { code: 'not-a-repository' },
      });
    }
  });

  it('works in folders whatever bytes their names are', async () => {
    const folder = await temporaryFolder();
    for (const [at, name] of [Buffer.from([0x61, 0xff, 0x62]), 'with\nline end', ' a: b ', '-n', '$(x)'].entries()) {
      const made = makeRepository(join(folder, `made-${at}`));
      const path = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name)]);
      renameSync(made.path, path);
      const answer = await git({ root: path }, ['rev-parse', '--is-inside-work-tree'], base);
      expect(answer, String(name)).toMatchObject({ ok: true });
    }
  });

  it('says that it is not there, and that the folder is not', async () => {
    const { path } = makeRepository(await temporaryFolder());
    const none = await git(at(path), ['version'], { base: { PATH: '/nowhere' } });
    expect(none).toMatchObject({ ok: false, error: { code: 'no-git' } });
    const gone = await git(at(join(path, 'gone')), ['version'], base);
    expect(gone).toMatchObject({ ok: false, error: { code: 'not-a-repository' } });
  });

  it('tells of a repository of somebody else, with git’s own remedy', async () => {
    const { path } = makeRepository(await temporaryFolder());
    const stranger = { ...base, env: { GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' } };
    expect(await git(at(path), ['status'], stranger)).toEqual({
      ok: false,
      error: {
        code: 'not-trusted',
        message: `git does not trust ${path}, since it belongs to somebody else. If you do: \`git config --global --add safe.directory ${path}\`.`,
      },
    });
  });

  it('ends a command by what was wrong', () => {
    expect(failureOfGit({ code: 'not-trusted', message: 'No.' })).toEqual({ kind: 'not-permitted', message: 'No.' });
    expect(failureOfGit({ code: 'interrupted', message: 'No.' }).kind).toBe('interrupted');
  });

  it('shows no password of a remote', async () => {
    const { path } = makeRepository(await temporaryFolder());
    const asked = ['fetch', 'https://ada:secret@127.0.0.1:1/x.git'];
    const failed = await git(at(path), asked, base);
    expect(failed.ok).toBe(false);
    expect(JSON.stringify(failed)).not.toContain('secret');
  });

  it('fetches nothing, from nowhere', async () => {
    const folder = await temporaryFolder();
    const [here, other] = [makeRepository(join(folder, 'here')), makeRepository(join(folder, 'other'))];
    other.commit('one', { a: '1' });
    expect(await git(at(here.path), ['fetch', other.path], base)).toMatchObject({ ok: false });
    expect(await git(at(here.path), ['fetch', other.path], { ...base, network: true })).toMatchObject({ ok: true });
  });

  it('ends when it is told to', async () => {
    const { path } = makeRepository(await temporaryFolder());
    const stop = new AbortController();
    // It reads until its input ends, which never does.
    const endless = (async function* () {
      yield Buffer.from('HEAD\n');
      stop.abort();
      await new Promise(() => undefined);
    })();
    const ended = await git(at(path), ['cat-file', '--batch-check'], { ...base, input: endless, signal: stop.signal });
    expect(ended).toMatchObject({ ok: false, error: { code: 'interrupted' } });
    const never = await git(at(path), ['version'], { ...base, signal: stop.signal });
    expect(never).toMatchObject({ ok: false, error: { code: 'interrupted' } });
  });

  it('reads records as they come, through a pipeline, whatever its chunks are', async () => {
    const repository = makeRepository(await temporaryFolder());
    for (let at = 0; at < 3; at += 1) repository.commit(`commit ${at}`, { [`a\n${at}`]: 'x'.repeat(200_000) });
    const records: string[] = [];
    const pipeline = [
      ['rev-list', '--reverse', 'HEAD'],
      ['diff-tree', '--stdin', '--root', '-r', '-z', '--name-only', '--no-commit-id'],
    ];
    const ended = await gitRecords(at(repository.path), pipeline, base, (record) => records.push(record.toString()));
    expect(ended).toEqual({ ok: true, value: undefined });
    expect(records).toEqual(['a\n0', 'a\n1', 'a\n2']);
    const lines: string[] = [];
    await gitRecords(at(repository.path), [['cat-file', 'blob', 'HEAD:a\n0']], { ...base, separator: '\n' }, (line) =>
      lines.push(line.toString()),
    );
    expect(lines).toEqual(['x'.repeat(200_000)]);
  });

  it('ends by what is thrown where a record is taken', async () => {
    const repository = makeRepository(await temporaryFolder());
    repository.commit('one');
    const failing = gitRecords(at(repository.path), [['rev-list', 'HEAD']], { ...base, separator: '\n' }, () => {
      throw new Error('no room');
    });
    await expect(failing).rejects.toThrow('no room');
  });

  it('tells the first of a pipeline that failed', async () => {
    const { path } = makeRepository(await temporaryFolder());
    const pipeline = [
      ['rev-list', 'gone'],
      ['diff-tree', '--stdin'],
    ];
    const ended = await gitRecords(at(path), pipeline, base, () => undefined);
    expect(ended).toMatchObject({
      ok: false,
      error: { code: 'failed', message: expect.stringContaining('git rev-list') },
    });
  });

  it('runs nothing that a repository’s configuration names for looking at files', async () => {
    const repository = makeRepository(await temporaryFolder());
    repository.commit('one', { a: '1' });
    const [script, witness] = [join(repository.path, 'hook'), join(repository.path, 'witness')];
    writeFileSync(script, `#!/bin/sh\ntouch '${witness}'\n`);
    chmodSync(script, 0o755);
    repository.git('config', 'core.fsmonitor', script);
    await git(at(repository.path), ['status', '--porcelain'], base);
    expect(() => rmSync(witness)).toThrow('ENOENT');
  });
});
