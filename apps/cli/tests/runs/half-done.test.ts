/** Runs whose process was killed in the middle of a long step: their journals are made as it leaves them. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { INBOX, openMailStore, parseUid } from '@scorpiox/maildir';
import { expect, it } from 'vitest';
import { Journal } from '../../src/ops/runs/journal.ts';
import { undoRun } from '../../src/ops/runs/undo-run.ts';
import { beginRemoval } from '../../src/ops/transfer/journal.ts';
import { installation } from '../transfer/support.ts';

const APPLY = ['--apply', '--yes'];
const NOV = 'Thu Nov 28 22:08:00 2026';
const mbox = (messages: number): string =>
  Array.from({ length: messages }, (_, at) => `From a@b ${NOV}\nSubject: ${at}\n\n${at}\n\n`).join('');

/** Alice, three of whose five messages were brought over by a whole run when the source had no more. */
async function imported() {
  const { home, dataDir, run, mailOf } = await installation('alice');
  const source = join(home, 'INBOX');
  await writeFile(source, mbox(3));
  const runs = join(home, 'state', 'scorpiox', 'runs');
  const bring = async () => (await run(['mail', 'import', 'alice', source, ...APPLY, '--jq', '.run'])).stdout.trim();
  const name = await bring();
  await writeFile(source, mbox(5));
  const transfers = join(dataDir, 'mail', 'alice', 'transfers');
  const files = (await readdir(transfers, { recursive: true })).filter((file) => file.includes('/'));
  const transfer = join(transfers, files[0] ?? '');
  const states = async (of: string) => (await run(['runs', 'show', of, '--jq', '.steps[].state'])).stdout;
  const count = async () => (await mailOf('alice')).INBOX?.length ?? 0;
  const undo = (of: string) => run(['undo', of, '--apply', `--confirm=${of}`]);
  return { dataDir, run, runs, bring, name, transfer, states, count, undo };
}

/** Takes the ends of steps out of a run's journal, and makes it another process's that is gone. */
async function forsake(runs: string, name: string): Promise<void> {
  const file = join(runs, `${name}.ndjson`);
  const [head = '', ...lines] = (await readFile(file, 'utf8')).split('\n');
  const kept = lines.filter((line) => line.includes('"record":"begin"'));
  await writeFile(file, `${[JSON.stringify({ ...JSON.parse(head), process: '999999999 1' }), ...kept].join('\n')}\n`);
}

/** The same, killed when three were in and noted. */
async function killed() {
  const place = await imported();
  await forsake(place.runs, place.name);
  const noted = await readFile(place.transfer, 'utf8');
  await writeFile(place.transfer, noted.replace(/^# 1\n/m, ''));
  return place;
}

it('tells an import that was killed in the middle as half done, and takes back what it brought', async () => {
  const { run, name, states, count, undo } = await killed();
  expect(await states(name)).toBe('half-done\n');
  expect((await run(['runs', '--jq', '.[] | [.state, .done, .undone, .half]'])).stdout).toBe('["died",0,0,1]\n');
  expect(await undo(name)).toMatchObject({ code: 0 });
  expect(await count()).toBe(0);
  expect(await states(name)).toBe('undone\n');
});

it('is done with what it brought once all is in, whether that was noted by the run or not', async () => {
  const { runs, name, states } = await imported();
  await forsake(runs, name);
  expect(await states(name)).toBe('done\n');
});

it('says which run has to be undone first, where that brought the rest', async () => {
  const { bring, name, states, count, undo } = await killed();
  const later = await bring();
  expect(await count()).toBe(5);
  expect([await states(name), await states(later)]).toEqual(['half-done\n', 'done\n']);
  const refused = await undo(name);
  expect(refused).toMatchObject({ code: 5, stdout: '' });
  expect(refused.stderr).toContain(`Step 1 was followed by other changes (undo the run ${later} first): Bring`);
  expect(await undo(later)).toMatchObject({ code: 0 });
  expect(await count()).toBe(3);
  expect(await undo(name)).toMatchObject({ code: 0 });
  expect(await count()).toBe(0);
});

it('tells an undoing that was killed in the middle as half done, and what it takes back; done again, it takes the rest', async () => {
  const { dataDir, run, runs, name, transfer, states, count, undo } = await imported();
  const planned = await undoRun(runs, name);
  if (!planned.ok) throw new Error(planned.error.message);
  const journal = await Journal.open(runs, planned.value.plan);
  await journal.begin(1);
  await journal.close();
  await forsake(runs, journal.run);
  expect([await states(name), await states(journal.run)]).toEqual(['done\n', 'left\n']);
  beginRemoval(transfer, 1);
  await removeOneOfTwoMarked(join(dataDir, 'mail', 'alice'));
  expect(await count()).toBe(2);
  expect([await states(name), await states(journal.run)]).toEqual(['half-done\n', 'half-done\n']);
  expect((await run(['runs', '--jq', 'map(.half)'])).stdout).toBe('[1,1]\n');
  expect(await undo(name)).toMatchObject({ code: 0 });
  expect(await count()).toBe(0);
  expect([await states(name), await states(journal.run)]).toEqual(['undone\n', 'done\n']);
});

/** As a removal leaves the inbox that has marked two messages and removed the first. */
async function removeOneOfTwoMarked(home: string): Promise<void> {
  const store = await openMailStore({ maildir: join(home, 'Maildir'), indexFile: join(home, 'index.db') });
  if (!store.ok) throw new Error(store.error.message);
  const inbox = await store.value.open(INBOX);
  if (!inbox.ok) throw new Error(inbox.error.message);
  const uids = [1, 2].map(parseUid).filter((uid) => uid !== undefined);
  await inbox.value.store(uids, { operation: 'add', flags: ['\\Deleted'] });
  await inbox.value.expunge(uids.slice(0, 1));
  await inbox.value.close();
  await store.value.close();
}
