// What is told of commits in memory, beside sets of ancestors reckoned the plain way, on random histories.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { History } from '../../src/ops/branches/history.ts';
import { Mainline } from '../../src/ops/branches/mainline.ts';

/** Parents of each commit, all of them earlier; commits are numbers. */
const histories = fc
  .array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 40 })
  .map((all) => all.map((parents, at) => [...new Set(at === 0 ? [] : parents.map((parent) => parent % at))]));

const idOf = (commit: number): string => (commit * 2_654_435_761).toString(16).padStart(40, 'e');

function historyOf(all: readonly (readonly number[])[]): History {
  const history = new History(40);
  for (const [commit, parents] of all.entries())
    history.add([commit * 60, ...[commit, ...parents].map(idOf)].join(' '));
  return history;
}

/** The ancestors of each commit, itself among them. */
function pastsOf(all: readonly (readonly number[])[]): readonly ReadonlySet<number>[] {
  const pasts: Set<number>[] = [];
  for (const [commit, parents] of all.entries()) {
    pasts.push(new Set([commit, ...parents.flatMap((parent) => [...(pasts[parent] ?? [])])]));
  }
  return pasts;
}

const sorted = (commits: Iterable<number>) => [...commits].sort((a, b) => a - b);

it('knows commits by their ids, parents and times', () => {
  fc.assert(
    fc.property(histories, (all) => {
      const history = historyOf(all);
      for (const [commit, parents] of all.entries()) {
        expect(history.find(idOf(commit))).toBe(commit);
        expect(history.startingWith(idOf(commit))).toBe(commit);
        expect([history.idOf(commit), history.timeOf(commit)]).toEqual([idOf(commit), commit * 60]);
        expect([history.parentsOf(commit), history.firstParent(commit)]).toEqual([parents, parents[0]]);
      }
      expect(history.find('f'.repeat(40))).toBeUndefined();
      expect(history.find('f'.repeat(64))).toBeUndefined();
    }),
  );
});

it('tells what a branch has alone, and the best commits that it shares', () => {
  fc.assert(
    fc.property(histories, fc.nat(), fc.nat(), (all, one, other) => {
      const [history, pasts] = [historyOf(all), pastsOf(all)];
      const [tip, trunk] = [one % all.length, other % all.length];
      const [past, inside] = [pasts[tip] ?? new Set<number>(), pasts[trunk] ?? new Set<number>()];
      const fork = history.fork(tip, (commit) => inside.has(commit));
      expect(fork.own).toEqual(sorted([...past].filter((commit) => !inside.has(commit))));
      const shared = [...past].filter((commit) => inside.has(commit));
      const best = shared.filter((commit) => !shared.some((each) => each !== commit && pasts[each]?.has(commit)));
      expect(sorted(fork.bases)).toEqual(sorted(best));
      expect(history.isAncestor(tip, [trunk])).toBe(inside.has(tip));
    }),
  );
});

it('tells by which commit of its line the trunk got each', () => {
  fc.assert(
    fc.property(histories, fc.nat(), (all, at) => {
      const [history, pasts] = [historyOf(all), pastsOf(all)];
      const tip = at % all.length;
      const mainline = new Mainline(history, tip);
      const line: number[] = [];
      for (let commit: number | undefined = tip; commit !== undefined; commit = all[commit]?.[0]) line.unshift(commit);
      expect(mainline.count).toBe(pasts[tip]?.size);
      for (const commit of all.keys()) {
        const by = line.find((each) => pasts[each]?.has(commit));
        expect(mainline.broughtBy(commit)).toBe(by);
        expect([mainline.has(commit), mainline.isOnLine(commit)]).toEqual([by !== undefined, line.includes(commit)]);
        for (const each of line) {
          const isBefore = by !== undefined && line.indexOf(by) < line.indexOf(each);
          expect(mainline.isBefore(commit, each)).toBe(isBefore);
        }
      }
    }),
  );
});
