import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { filesInMemory } from '../../../../scripts/vitest-shared.ts';
import { FILES_FOR_THREAD } from '../../src/ops/refs/limits.ts';
import { searchFor } from '../../src/ops/refs/match.ts';
import { BatchCounter, type Item, type Outcome } from '../../src/ops/refs/scan/batch.ts';
import { Crew } from '../../src/ops/refs/scan/crew.ts';
import { Findings } from '../../src/ops/refs/scan/findings.ts';
import { scan } from '../../src/ops/refs/scan/scan.ts';
import type { Helper } from '../../src/ops/refs/scan/threads/helper.ts';
import { temporaryFolder } from '../support/scorpiox.ts';

// Many small files, on a disk each with a wait.
Object.assign(process.env, filesInMemory());

const from = { names: ['Volumes', 'GitHub'], text: '/Volumes/GitHub' };
const GIVEN = FILES_FOR_THREAD + 1_000;

/** A file that says it and one that does not, given again and again, with such a helper. */
async function counted(helper: Helper | undefined): Promise<Findings> {
  const folder = await temporaryFolder();
  writeFileSync(join(folder, 'says'), from.text);
  writeFileSync(join(folder, 'not'), '');
  const request = { roots: [], from, env: {}, signal: new AbortController().signal };
  const findings = new Findings();
  const crew = new Crew(request, findings, () => helper);
  const home = { kind: 'tree', root: folder } as const;
  for (let number = 0; number < GIVEN; number += 1) {
    // Names that are told apart, of the same two files.
    const path = `${folder}/${'./'.repeat(number % 50)}${number % 3 === 0 ? 'says' : 'not'}`;
    if (crew.give({ kind: 'file', path, home })) await crew.work();
  }
  await crew.finish();
  await crew.end();
  return findings;
}

/** Counts when it is asked for the rest, or never. */
function lateHelper(doesAnswer: boolean): Helper {
  const taken: (readonly Item[])[] = [];
  const counter = new BatchCounter(searchFor(from));
  const outcomeOf = (items: readonly Item[]): Outcome => {
    const steps = counter.count(items);
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
    }
  };
  return {
    take: (items) => taken.length < 3 && taken.push(items) > 0,
    next: () => undefined,
    rest: async function* () {
      if (doesAnswer) for (const items of taken) yield outcomeOf(items);
    },
    end: async () => undefined,
  };
}

it('what was found is taken down in the order in which it was walked, whoever counted it', async () => {
  const alone = await counted(undefined);
  expect(alone.counts).toMatchObject({ files: GIVEN, saying: Math.ceil(GIVEN / 3) });
  const names = (findings: Findings) => findings.hits.map(({ path, home }) => path.slice(home.root.length));
  const late = await counted(lateHelper(true));
  expect(late.counts).toEqual(alone.counts);
  expect(names(late)).toEqual(names(alone));
});

it('what a helper had when it died is counted', async () => {
  const { counts } = await counted(lateHelper(false));
  expect(counts).toMatchObject({ files: GIVEN, saying: Math.ceil(GIVEN / 3) });
});

it('many files are counted by two threads, each once', async () => {
  const folder = await temporaryFolder();
  for (let number = 0; number < GIVEN; number += 1) {
    if (number % 500 === 0) mkdirSync(join(folder, String(number)));
    writeFileSync(
      join(folder, String(number - (number % 500)), `${number}`),
      number % 7 === 0 ? `\n${from.text}\n` : 'x',
    );
  }
  const report = await scan({
    roots: [folder],
    from,
    env: { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null' },
    signal: new AbortController().signal,
  });
  if (!report.ok) throw new Error(report.error.message);
  const saying = Array.from({ length: GIVEN }, (_, number) => number).filter((number) => number % 7 === 0);
  expect(report.value.counts).toMatchObject({ files: GIVEN, hits: saying.length });
  const found = report.value.findings.map(({ path, lines }) => `${path.split('/').at(-1)}:${lines}`);
  expect(found.toSorted()).toEqual(saying.map((number) => `${number}:2`).toSorted());
});
