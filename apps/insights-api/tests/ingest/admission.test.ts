import type { AppRef, KeyGrant } from '@scorpiox/shared/database';
import { err, ok } from '@scorpiox/shared/result';
import { expect, test } from 'vitest';
import { Admission, type AdmissionControl } from '../../src/ingest/admission/admission.ts';
import { toAppName } from '../../src/ingest/admission/app-name.ts';
import { LookUp } from '../../src/ingest/admission/look-up.ts';
import { RateLimit } from '../../src/ingest/admission/rate-limit.ts';
import { collect } from '../../src/ingest/collect.ts';
import type { FormatItem } from '../../src/ingest/formats/item.ts';
import { BATCH_KEYS, SHARED_KEY_APPS } from '../../src/limits.ts';
import { identified } from '../helpers/events.ts';

const TIMES = { fresh: 5, old: 60, patience: 60_000, absent: 3 };

/** A database whose answers and failures the test decides, and what it was asked. */
function lookUp(answers: Map<string, string>) {
  const state = { now: 0, asked: [] as string[], broken: false };
  const ask = async (name: string) => {
    state.asked.push(name);
    if (state.broken) throw new Error('gone');
    return answers.get(name);
  };
  return { state, names: new LookUp(ask, TIMES, () => state.now) };
}

test('an answer is given again while it is fresh, then once more while the database is asked, and not for ever', async () => {
  const answers = new Map([['a', 'first']]);
  const { state, names } = lookUp(answers);
  expect(await names.find('a')).toBe('first');
  answers.delete('a');
  state.now = 4;
  expect(await names.find('a')).toBe('first');
  expect(state.asked).toEqual(['a']);
  state.now = 6;
  expect(await names.find('a')).toBe('first');
  expect(state.asked).toEqual(['a', 'a']);
  expect(await names.find('a')).toBeUndefined();
});

test('an old answer is waited for', async () => {
  const answers = new Map([['a', 'first']]);
  const { state, names } = lookUp(answers);
  await names.find('a');
  answers.delete('a');
  state.now = 60;
  expect(await names.find('a')).toBeUndefined();
});

test('while the database is away what is known stands, and it is asked no more often than answers are fresh', async () => {
  const answers = new Map([['a', 'first']]);
  const { state, names } = lookUp(answers);
  await names.find('a');
  state.broken = true;
  state.now = 100;
  for (let count = 0; count < 3; count += 1) expect(await names.find('a')).toBe('first');
  expect(state.asked).toHaveLength(2);
  await expect(names.find('b')).rejects.toThrow('gone');
  state.broken = false;
  answers.set('a', 'second');
  state.now = 106;
  expect(await names.find('a')).toBe('second');
});

test('a database that says nothing is waited for once; then what is known stands, and nothing else is found', async () => {
  const silence = new Promise<string>(() => {});
  const state = { now: 0, asked: [] as string[], answer: Promise.resolve('first') };
  const ask = async (name: string) => {
    state.asked.push(name);
    return state.answer;
  };
  const names = new LookUp(ask, { ...TIMES, patience: 1 }, () => state.now);
  await names.find('a');
  state.answer = silence;
  state.now = 60;
  expect(await names.find('a')).toBe('first');
  await expect(names.find('b')).rejects.toThrow('does not answer');
  expect(await names.find('a')).toBe('first');
  expect(state.asked).toEqual(['a', 'a']);
  state.answer = Promise.resolve('second');
  state.now = 66;
  expect(await names.find('b')).toBe('second');
});

test('names that are not there are asked for once in a while, and only so many of them are remembered', async () => {
  const { state, names } = lookUp(new Map());
  for (const name of ['a', 'a', 'b', 'c', 'd', 'd', 'a']) expect(await names.find(name)).toBeUndefined();
  expect(state.asked).toEqual(['a', 'b', 'c', 'd', 'a']);
});

test('senders at the same moment share one question', async () => {
  const { state, names } = lookUp(new Map([['a', 'first']]));
  expect(await Promise.all([names.find('a'), names.find('a')])).toEqual(['first', 'first']);
  expect(state.asked).toEqual(['a']);
});

test('a key may send what it saved up and its rate from then on; a batch above that passes and is paid off', () => {
  let now = 0;
  const rates = new RateLimit(() => now);
  expect(rates.take('k', 10, 99)).toBeUndefined();
  expect(rates.take('k', 10, 50)).toBeUndefined();
  expect(rates.take('k', 10, 1)).toEqual({ retryAfter: 5 });
  expect(rates.take('other', 10, 1)).toBeUndefined();
  now = 4900;
  expect(rates.take('k', 10, 1)).toEqual({ retryAfter: 1 });
  now = 5000;
  expect(rates.take('k', 10, 1)).toBeUndefined();
});

test.each([
  ['shop', 'shop'],
  ['My Shop (eu)', 'My Shop (eu)'],
  ['team/shop:eu', 'team-shop-eu'],
  ['  shop ', 'shop'],
  ['-_x', 'x'],
  ['läden', 'l-den'],
  ['x'.repeat(80), 'x'.repeat(64)],
  [`${'x'.repeat(63)} yz`, 'x'.repeat(63)],
  ['///', undefined],
])('%j becomes the name %j', (given, name) => {
  expect(toAppName(given)).toBe(name);
});

function control(grants: Readonly<Record<string, KeyGrant>>, apps: AppRef[] = []): AdmissionControl {
  return {
    findKey: async (key) => grants[key],
    findApp: async (name) => apps.find((app) => app.name === name),
    apps: async () => apps.map((app) => ({ ...app, createdAt: 0 })),
    ensureApp: async (name) => {
      apps.push({ id: apps.length + 1, name });
      return ok({ name, key: 'k' });
    },
  };
}

const OWN = '11111111-1111-4111-8111-111111111111';
const SHARED = '22222222-2222-4222-8222-222222222222';

const item = (index: number, key: string | undefined, app?: string): FormatItem => ({
  index,
  ...(key === undefined ? {} : { key }),
  events: ok([identified(app === undefined ? {} : { app }).event]),
});

test('under a shared key each event names its application, which is added at first sight', async () => {
  const apps: AppRef[] = [{ id: 1, name: 'shop', retentionDays: 2 }];
  const admission = new Admission(control({ [SHARED]: {}, [OWN]: { app: { id: 9, name: 'own' } } }, apps), () => 0);
  const bad = { index: 3, key: SHARED, events: err({ reason: 'bad-time', message: '' } as const) };
  const items = [
    item(0, undefined, 'shop'),
    item(1, undefined, 'blog/eu'),
    item(2, undefined),
    bad,
    item(4, `${OWN.toUpperCase()} `, 'shop'),
  ];
  const admit = await admission.of(items, SHARED);
  const day = 86_400_000;
  expect(items.map(admit)).toMatchObject([
    { value: { id: 1, keptMs: 2 * day } },
    { value: { id: 2, keptMs: 30 * day } },
    { error: { reason: 'missing-app' } },
    { error: { reason: 'bad-time' } },
    { value: { id: 9 } },
  ]);
  expect(apps.map(({ name }) => name)).toEqual(['shop', 'blog-eu']);
  expect(admission.ownerless).toEqual({ 'missing-app': 1, 'bad-time': 1 });
});

test('names that are made up add no applications without end', async () => {
  const apps = Array.from({ length: SHARED_KEY_APPS }, (_, index) => ({ id: index + 1, name: `app${index}` }));
  const admission = new Admission(control({ [SHARED]: {} }, apps), () => 0);
  const items = [item(0, undefined, 'one more'), item(1, undefined, 'app7')];
  const admit = await admission.of(items, SHARED);
  expect(items.map(admit)).toMatchObject([{ error: { reason: 'too-many-apps' } }, { value: { id: 8 } }]);
});

test('thousands of made-up names are one question to the database', async () => {
  const apps = Array.from({ length: SHARED_KEY_APPS }, (_, index) => ({ id: index + 1, name: `app${index}` }));
  const asked: string[] = [];
  const base = control({ [SHARED]: {} }, apps);
  const noting = <R>(name: string, answer: R): R => {
    asked.push(name);
    return answer;
  };
  const noted: AdmissionControl = {
    findKey: base.findKey,
    apps: () => noting('apps', base.apps()),
    findApp: (name) => noting(name, base.findApp(name)),
    ensureApp: (name) => noting(name, base.ensureApp(name)),
  };
  const admission = new Admission(noted, () => 0);
  for (const batch of [0, 1]) {
    const items = Array.from({ length: 2_000 }, (_, index) => item(index, SHARED, `made up ${batch} ${index}`));
    await admission.of(items, undefined);
  }
  expect(asked).toEqual(['apps']);
});

test('what is not spelled as a key is neither asked for nor kept', async () => {
  const asked: string[] = [];
  const findKey = async (key: string) => {
    asked.push(key);
    return undefined;
  };
  const admission = new Admission({ ...control({}), findKey }, () => 0);
  const items = [item(0, 'x'.repeat(1_000_000)), item(1, OWN)];
  const admit = await admission.of(items, undefined);
  expect(items.map(admit)).toMatchObject([{ error: { reason: 'unknown-key' } }, { error: { reason: 'unknown-key' } }]);
  expect(asked).toEqual([OWN]);
});

test('a line that cannot be read is counted for the one whose batch it is in, and is told what is wrong with it', async () => {
  const unreadable = (index: number) => ({ index, events: err({ reason: 'malformed', message: '' } as const) });
  const grants = { [OWN]: { app: { id: 9, name: 'own' } }, [SHARED]: { app: { id: 8, name: 'other' } } };
  const admission = new Admission(control(grants), () => 0);
  const admitted = async (items: readonly FormatItem[]) => items.map(await admission.of(items, undefined));
  expect(await admitted([item(0, OWN), unreadable(1)])).toMatchObject([{ value: { id: 9 } }, { value: { id: 9 } }]);
  expect((await admitted([item(0, OWN), unreadable(1), item(2, SHARED)]))[1]).toMatchObject({
    error: { reason: 'malformed' },
  });
  expect((await admitted([unreadable(0), { ...item(1, undefined) }]))[1]).toMatchObject({
    error: { reason: 'unknown-key' },
  });
});

test('a batch whose items name very many keys is refused', () => {
  const items = (keys: number) => Array.from({ length: 1_000 }, (_, index) => item(index, `key ${index % keys}`));
  expect(collect(items(BATCH_KEYS)).ok).toBe(true);
  expect(collect(items(BATCH_KEYS + 1))).toMatchObject({ error: { code: 'too-many-items' } });
});
