import { expect, it } from 'vitest';
import { evidenceOf } from '../../src/ops/branches/evidence.ts';
import { type Branch, byVerdict, isLanded, VERDICT_KINDS, type Verdict } from '../../src/ops/branches/verdict.ts';

const commit = (digit: string) => ({ id: digit.repeat(40), time: Date.parse('2026-03-01T12:00:00Z') / 1000 });
const [a, b, c, d] = [commit('a'), commit('b'), commit('c'), commit('d')];

const TOLD: readonly (readonly [Verdict, string])[] = [
  [{ kind: 'merged', merge: a, standing: 'there' }, 'merged by aaaaaaaaaa of 2026-03-01'],
  [{ kind: 'merged', standing: 'edited' }, 'part of main, by a fast-forward; changed further since'],
  [{ kind: 'rebased', as: [a], own: 1, standing: 'there' }, 'its only commit landed as aaaaaaaaaa of 2026-03-01'],
  [
    { kind: 'rebased', as: [a, b, c, d], own: 4, standing: 'there' },
    'its 4 commits landed as aaaaaaaaaa of 2026-03-01, bbbbbbbbbb of 2026-03-01, cccccccccc of 2026-03-01 and 1 more',
  ],
  [
    { kind: 'squashed', as: a, own: 1_200, standing: 'edited' },
    'its 1,200 commits were squashed as aaaaaaaaaa of 2026-03-01; changed further since',
  ],
  [{ kind: 'contained', own: 2 }, 'merging it would leave main as it is; no commit there matches its 2 commits'],
  [
    { kind: 'reverted', landing: { kind: 'merged', merge: a }, reversal: { by: 'commits', commits: [b], landed: 1 } },
    'merged by aaaaaaaaaa of 2026-03-01; reverted by bbbbbbbbbb of 2026-03-01',
  ],
  [
    {
      kind: 'reverted',
      landing: { kind: 'rebased', as: [a, b], own: 2 },
      reversal: { by: 'commits', commits: [c], landed: 2 },
    },
    'its 2 commits landed as aaaaaaaaaa of 2026-03-01, bbbbbbbbbb of 2026-03-01; reverted by cccccccccc of 2026-03-01 (1 of 2 commits)',
  ],
  [
    { kind: 'reverted', landing: { kind: 'squashed', as: a, own: 2 }, reversal: { by: 'content' } },
    'its 2 commits were squashed as aaaaaaaaaa of 2026-03-01; taken out again since, by no single commit',
  ],
  [
    { kind: 'reverted', landing: { kind: 'merged', merge: a }, reversal: { by: 'files', files: ['a.txt'] } },
    'merged by aaaaaaaaaa of 2026-03-01; a.txt is again as before',
  ],
  [
    { kind: 'reverted', landing: { kind: 'merged', merge: a }, reversal: { by: 'merge' } },
    'merged by aaaaaaaaaa of 2026-03-01; which took nothing of it over',
  ],
  [{ kind: 'partly', landed: [a], missing: 1 }, 'landed as aaaaaaaaaa of 2026-03-01, but for 1 commit'],
  [{ kind: 'contained', own: 1 }, 'merging it would leave main as it is; no commit there matches its only one'],
  [{ kind: 'net-zero', own: 1 }, 'its only commit changes nothing'],
  [{ kind: 'net-zero', own: 2 }, 'its 2 commits change nothing, taken together'],
  [{ kind: 'fresh', knownBy: 'reflog' }, 'no commits of its own yet, by its reflog'],
  [{ kind: 'fresh', knownBy: 'history' }, 'no commits of its own are to be seen, and no reflog tells of any'],
  [{ kind: 'ahead', own: 1 }, '1 commit that main has not'],
  [{ kind: 'diverged', own: 2, behind: 3_000 }, '2 commits that main has not; it lacks 3,000 of main'],
  [{ kind: 'unrelated', own: 2 }, 'shares no commit with main'],
  [
    { kind: 'unknown', why: 'shallow' },
    'the history at hand ends before it meets the trunk (a shallow clone): `git fetch --unshallow` tells',
  ],
  [{ kind: 'unknown', why: 'broken' }, 'its commit cannot be read: `git fsck` tells what is missing'],
];

it.each(TOLD)('tells the evidence of %o', (verdict, told) => {
  expect(evidenceOf(verdict, 'main')).toBe(told);
});

it('knows of every verdict whether it is proved that the work landed and is there', () => {
  const landed = new Set(TOLD.filter(([verdict]) => isLanded(verdict)).map(([{ kind }]) => kind));
  expect([...landed].sort()).toEqual(['contained', 'merged', 'rebased', 'squashed']);
  expect(new Set(TOLD.map(([{ kind }]) => kind))).toEqual(new Set(VERDICT_KINDS));
});

it('orders branches by verdict, the oldest first', () => {
  const branch = (name: string, time: number, verdict: Verdict): Branch => ({
    ref: `refs/heads/${name}`,
    name,
    tip: a.id,
    time,
    ahead: 0,
    behind: 0,
    verdict,
    inUse: [],
  });
  const [fresh, ahead] = [
    { kind: 'fresh', knownBy: 'reflog' },
    { kind: 'ahead', own: 1 },
  ] as const;
  const all = [
    branch('d', 2, ahead),
    branch('c', 2, fresh),
    branch('b', 2, fresh),
    branch('a', 1, ahead),
    branch('e', 1, fresh),
  ];
  expect(all.sort(byVerdict).map(({ name }) => name)).toEqual(['e', 'b', 'c', 'a', 'd']);
});
