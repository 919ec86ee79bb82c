// What looks landed and is not: each of these was, or would be, deleted by a cleaner that trusts one kind of evidence.
import { expect, it } from 'vitest';
import { describeWith } from '../../../../tests/support/programs.ts';
import { branch, lines, merge, squash, started, surveyed } from './world.ts';

/** A file that says the same in two places. */
const twice = (first: string, second: string): string =>
  [first, second].map((value) => `begin\n1\n2\n3\ntimeout = ${value}\n5\n6\n7\nend\n`).join('between\n');

const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le');

describeWith(['git'], 'branches that look landed', () => {
  it('are told from those that are', async () => {
    const repository = await started();
    repository.write('query.sql', utf16('select 1\n'));
    repository.commit('start', {
      '.gitattributes': '*.sql diff\n* merge=union\n',
      'twice.txt': twice('5', '5'),
      'list.txt': 'a\nb\nc\n',
    });
    const onBranch = (name: string, message: string, file: string, content: string | Buffer) => {
      repository.git('checkout', '--quiet', '-b', name, 'main');
      repository.write(file, content);
      repository.commit(message);
      repository.git('checkout', '--quiet', 'main');
    };

    // The same patch, at another place; the same at its place, which is edited later.
    onBranch('second-place', 'the second', 'twice.txt', twice('5', '9'));
    onBranch('first-place', 'the first', 'twice.txt', twice('9', '5'));
    repository.commit('the first', { 'twice.txt': twice('9', '5') });
    repository.commit('edited', { 'twice.txt': twice('99', '5') });

    // Lines that differ behind a NUL only, in a file that is shown as text.
    onBranch('utf-16', 'nine', 'query.sql', utf16('select 9\n'));
    repository.write('query.sql', utf16('select 7\n'));
    repository.commit('seven');

    // A union of both keeps what the branch removed.
    onBranch('union', 'removes b', 'list.txt', 'a\nc\n');
    repository.commit('changes b', { 'list.txt': 'a\nb, changed\nc\n' });

    // Taken back, and made again only on the branch.
    branch(repository, 'made-again', { 'again.txt': 'again' });
    const made = repository.git('rev-parse', 'made-again');
    repository.git('checkout', '--quiet', 'made-again');
    repository.git('rm', '--quiet', 'again.txt');
    const removed = repository.commit('no');
    repository.commit('after all', { 'again.txt': 'again' });
    repository.git('checkout', '--quiet', 'main');
    repository.commit('other', { 'o.txt': '1' });
    repository.git('cherry-pick', made);
    repository.commit('between', { 'o.txt': '2' });
    repository.git('cherry-pick', removed);

    // Landed in pieces, and all of it removed by a commit that says nothing.
    branch(repository, 'removed', { 'p.txt': 'p' }, { 'q.txt': 'q' });
    for (const commit of ['removed~1', 'removed']) {
      repository.commit('meanwhile', { 'o.txt': commit });
      repository.git('cherry-pick', commit);
    }
    repository.git('rm', '--quiet', 'p.txt', 'q.txt');
    repository.commit('tidied up');

    // White space is a change.
    branch(repository, 'indented', { 'b.txt': lines(40, { 20: '  changed' }) });
    repository.commit('changed', { 'b.txt': lines(40, { 20: 'changed' }) });

    // Removed on the branch, renamed on the trunk; and added by the branch, renamed since.
    repository.git('checkout', '--quiet', '-b', 'removes-file', 'main');
    repository.git('rm', '--quiet', 'old.txt');
    repository.commit('removed');
    repository.git('checkout', '--quiet', 'main');
    branch(repository, 'adds-file', { 'added.txt': lines(12) }, { 'added.txt': lines(13) });
    squash(repository, 'adds-file');
    repository.git('mv', 'old.txt', 'new.txt');
    repository.git('mv', 'added.txt', 'moved.txt');
    repository.commit('moved');

    // Merged, reverted, and merged again with one more commit: what was reverted does not come again by that.
    branch(repository, 'in-turns', { 'turn.txt': '1' });
    merge(repository, 'in-turns');
    repository.git('revert', '--no-edit', '-m', '1', 'HEAD');
    repository.git('checkout', '--quiet', 'in-turns');
    repository.commit('more', { 'turn-2.txt': '2' });
    repository.git('checkout', '--quiet', 'main');
    merge(repository, 'in-turns');
    branch(repository, 'in-good-turns', { 'good.txt': '1' });
    merge(repository, 'in-good-turns');
    repository.git('checkout', '--quiet', 'in-good-turns');
    repository.commit('more', { 'good-2.txt': '2' });
    repository.git('checkout', '--quiet', 'main');
    merge(repository, 'in-good-turns');

    const { branches } = await surveyed(repository.path);
    expect(Object.fromEntries(branches.map(({ name, verdict }) => [name, verdict]))).toEqual({
      'first-place': expect.objectContaining({ kind: 'rebased', standing: 'edited' }),
      'second-place': expect.objectContaining({ kind: 'diverged' }),
      'utf-16': expect.objectContaining({ kind: 'diverged' }),
      union: expect.objectContaining({ kind: 'diverged' }),
      'made-again': expect.objectContaining({ kind: 'reverted', reversal: expect.objectContaining({ by: 'commits' }) }),
      removed: expect.objectContaining({ kind: 'reverted', reversal: { by: 'content' } }),
      'removes-file': expect.objectContaining({ kind: 'diverged' }),
      'adds-file': expect.objectContaining({ kind: 'squashed', standing: 'edited' }),
      'in-turns': expect.objectContaining({ kind: 'reverted', reversal: expect.objectContaining({ by: 'commits' }) }),
      'in-good-turns': expect.objectContaining({ kind: 'merged', standing: 'there' }),
      indented: expect.objectContaining({ kind: 'diverged' }),
    });
  });
});
