/** Renaming sections of a repository's configuration: at once where that is to the letter what git would do, else by git. */
import { appendFile, readFile, rename, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWith } from '../../../../../tests/support/programs.ts';
import { readSections } from '../../../src/ops/branches/trash/configuration.ts';
import { renameSections } from '../../../src/ops/branches/trash/sections.ts';
import { makeRepository } from '../../support/git.ts';
import { temporaryFolder } from '../../support/scorpiox.ts';

const NAMES = ['a', 'b.c/d', 'q"uote', 'Ünïcode', 'absent'];
const TEXT = `# [branch "a"] is no header here \\
  [branch "a"] merge = refs/heads/a ; on the header's line
[branch "b.c/d"]
	merge = refs/heads/one
	merge = refs/heads/two # twice
	rebase
[branch "q\\"uote"]
	description = "a \\"quoted\\" text"
[branch "Ünïcode"]
	remote = origin
[branch "A"]
	remote = another
[branch "a"]
	remote = origin
`;

/** A repository with that configuration, and the names that its sections are to get. */
async function configured(text: string) {
  const { path } = makeRepository(join(await temporaryFolder(), 'r'));
  const config = join(path, '.git', 'config');
  await appendFile(config, text);
  const renamings = NAMES.filter((name) => text.includes(name.replace('"', '\\"'))).map((name) => ({
    from: `branch.${name}`,
    to: `scorpiox-trash.0123456789ab/${name}`,
  }));
  const repository = join(path, '.git');
  const states = async (field: 'from' | 'to') => {
    const sections = await readSections(repository);
    if (!sections.ok) throw new Error(sections.error.message);
    return renamings.map((one) => sections.value(one[field]));
  };
  return { repository, config, renamings, states, rename: () => renameSections(repository, renamings) };
}

describeWith(['git'], 'sections', () => {
  it.each([
    ['plain', TEXT],
    ['in capitals', TEXT.replace('[branch "b', '[BRANCH "b')],
    ['that hide in a value', `${TEXT}[other]\n\tvalue = "x \\\n[branch \\"a\\"]"\n`],
    ['of the old form', `${TEXT}[branch.a]\n\tmergeoptions = --no-ff\n`],
    [
      'of the old form, and in capitals',
      `${TEXT.replace('[branch "b', '[BRANCH "b')}[Branch.A]\n\tmergeoptions = --no-ff\n`,
    ],
  ])('%s are renamed with all their values, and back', async (_, text) => {
    const { config, states, rename, renamings, repository } = await configured(text);
    const before = await states('from');
    const mode = (await stat(config)).mode;
    expect(before).not.toContain('absent');
    expect(await rename()).toEqual({ ok: true, value: undefined });
    expect(await states('to')).toEqual(before);
    expect(new Set(await states('from'))).toEqual(new Set(['absent']));
    expect(await readFile(config, 'utf8')).toContain('[branch "A"]\n\tremote = another\n');
    const back = renamings.map(({ from, to }) => ({ from: to, to: from }));
    expect(await renameSections(repository, back)).toMatchObject({ ok: true });
    expect(await states('from')).toEqual(before);
    expect((await stat(config)).mode).toBe(mode);
  });

  it('are renamed through a link, and not while another program has the lock', async () => {
    const { config, states, rename: renameAll } = await configured(TEXT);
    const before = await states('from');
    await writeFile(`${config}.lock`, '');
    expect(await renameAll()).toMatchObject({ error: { kind: 'try-again' } });
    expect(await states('from')).toEqual(before);
    await rename(`${config}.lock`, `${config}.x`);
    await rename(config, `${config}.real`);
    await symlink('config.real', config);
    expect(await renameAll()).toMatchObject({ ok: true });
    expect(await states('to')).toEqual(before);
  });
});
