import { expect, test } from 'vitest';
import { COMMIT_EVENTS } from '../src/limits.ts';
import { StoreUnavailable, type Submission, type SubmissionOutcome } from '../src/store/port.ts';
import { GroupCommit } from '../src/writer/group-commit.ts';
import { identified, submission } from './helpers/events.ts';

/** A store whose writes end when the test says so. */
function heldStore() {
  const writes: { readonly submissions: readonly Submission[]; readonly finish: (fail?: boolean) => void }[] = [];
  return {
    writes,
    write: (submissions: readonly Submission[]) =>
      new Promise<readonly SubmissionOutcome[]>((resolve) => {
        const finish = (fail = false) =>
          resolve(
            submissions.map(({ events }) =>
              fail
                ? { kind: 'failed', error: new StoreUnavailable('disk full') }
                : { kind: 'stored', accepted: events.length, duplicates: 0, refused: [] },
            ),
          );
        writes.push({ submissions, finish });
      }),
  };
}

const one = (id: string, cost = { events: 1, bytes: 100 }) => [[submission(1, [identified({ id })]), cost] as const];
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('what comes during a commit shares the next one, and answers wait for their commit', async () => {
  const store = heldStore();
  const writer = new GroupCommit(store);
  const answered: string[] = [];
  const submit = (id: string) => writer.submit(one(id))?.then(() => answered.push(id));
  const first = submit('a');
  await turn();
  const others = [submit('b'), submit('c'), submit('d')];
  await turn();
  expect(store.writes.map(({ submissions }) => submissions.length)).toEqual([1]);
  expect(answered).toEqual([]);
  store.writes[0]?.finish();
  await first;
  expect(answered).toEqual(['a']);
  await turn();
  expect(store.writes.map(({ submissions }) => submissions.length)).toEqual([1, 3]);
  store.writes[1]?.finish();
  await Promise.all(others);
  await writer.drain();
  expect(writer.state()).toMatchObject({ submissions: 0, events: 0, bytes: 0, turnedAway: 0 });
});

test.each([
  ['events', { events: 2, bytes: 1_000_000 }],
  ['bytes', { events: 1000, bytes: 200 }],
])('beyond its bound of %s the queue turns away, and takes again when there is room', async (_what, limits) => {
  const store = heldStore();
  const writer = new GroupCommit(store, limits);
  const taken = [writer.submit(one('a')), writer.submit(one('b'))];
  expect(writer.submit(one('c'))).toBeUndefined();
  expect(writer.state().turnedAway).toBe(1);
  await turn();
  store.writes[0]?.finish();
  await Promise.all(taken);
  const again = writer.submit(one('c'));
  expect(again).toBeDefined();
  await turn();
  store.writes[1]?.finish();
  expect(await again).toMatchObject([{ kind: 'stored' }]);
});

test('an empty queue takes even what is above its bound, or it could never be written', async () => {
  const store = heldStore();
  const writer = new GroupCommit(store, { events: 1, bytes: 1 });
  const taken = writer.submit(one('a', { events: 50, bytes: 5000 }));
  await turn();
  store.writes[0]?.finish();
  expect(await taken).toMatchObject([{ kind: 'stored' }]);
});

test('a store that fails is told to each sender, and the next submission is tried', async () => {
  const store = heldStore();
  const writer = new GroupCommit(store);
  const first = writer.submit(one('a'));
  await turn();
  store.writes[0]?.finish(true);
  expect(await first).toMatchObject([{ kind: 'failed' }]);
  expect(writer.state()).toMatchObject({ failed: 1, failing: true, events: 0 });
  const second = writer.submit(one('a'));
  await turn();
  store.writes[1]?.finish();
  expect(await second).toMatchObject([{ kind: 'stored' }]);
  expect(writer.state()).toMatchObject({ failed: 1, failing: false });
});

test('an application that sends more than all others does not hold them up, nor are its own turned round', async () => {
  const store = heldStore();
  const writer = new GroupCommit(store);
  const submit = (app: number, id: string, events: number) =>
    writer.submit([[submission(app, [identified({ id })]), { events, bytes: 100 }]]);
  const first = submit(1, 'first', 1);
  await turn();
  const others = ['a', 'b', 'c', 'd'].map((id) => submit(1, id, COMMIT_EVENTS / 2));
  const late = submit(2, 'late', 1);
  const written = () => store.writes.map(({ submissions }) => submissions.map((one) => one.events[0]?.event.id));
  for (const _ of [1, 2, 3]) {
    store.writes.at(-1)?.finish();
    await turn();
  }
  expect(written()).toEqual([['first'], ['a', 'late'], ['b', 'c'], ['d']]);
  store.writes.at(-1)?.finish();
  await Promise.all([first, ...others, late]);
  expect(writer.state()).toMatchObject({ submissions: 0, events: 0, bytes: 0 });
});
