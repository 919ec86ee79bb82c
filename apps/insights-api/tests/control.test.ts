import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Control, KeyGrant } from '@scorpiox/shared/database';
import { err, ok } from '@scorpiox/shared/result';
import { expect, test, vi } from 'vitest';
import { KnownKeys } from '../src/control/known-keys.ts';
import { openLate } from '../src/control/late-control.ts';
import { rememberControl } from '../src/control/remembered-control.ts';
import { OPEN_AGAIN_MS, PRINCIPAL_KEPT_MS } from '../src/limits.ts';
import { StoreUnavailable } from '../src/store/port.ts';
import { prepareControl } from './helpers/control.ts';
import { temporaryFolder } from './helpers/folder.ts';

const KEY = '00000000-0000-4000-8000-00000000000A';
const GRANT: KeyGrant = { app: { id: 3, name: 'shop', retentionDays: 7 }, rateLimit: 50 };
const away = async (): Promise<never> => {
  throw new StoreUnavailable('away');
};

test('keys that were used are known to the next process, letter case aside, and stand in the file by hash only', async () => {
  const file = join(temporaryFolder(), 'deep', 'keys.json');
  new KnownKeys(file, 'here').set(KEY, GRANT);
  const again = new KnownKeys(file, 'here');
  expect(again.find(KEY.toLowerCase())).toEqual(GRANT);
  expect(again.size).toBe(1);
  again.set(KEY, undefined);
  expect(new KnownKeys(file, 'here').size).toBe(0);
});

test.each([
  '',
  '{',
  '[]',
  '{"target":"here","grants":{"x":{"app":{"id":"3"}}}}',
])('a file that says %s is empty', (text) => {
  const file = join(temporaryFolder(), 'keys.json');
  writeFileSync(file, text);
  expect(new KnownKeys(file, 'here').size).toBe(0);
});

test('keys of another database are not taken for this one’s', () => {
  const file = join(temporaryFolder(), 'keys.json');
  new KnownKeys(file, 'there').set(KEY, GRANT);
  expect(new KnownKeys(file, 'here').find(KEY)).toBeUndefined();
});

test('while the database is away, what it said last of keys, tokens and sessions stands, people’s for a time', async () => {
  const keys = new KnownKeys(join(temporaryFolder(), 'keys.json'), 'here');
  const { control } = await prepareControl();
  const app = await control.addApp('shop');
  const token = await control.addToken('t', 'viewer');
  if (!app.ok || !token.ok) throw new Error('cannot prepare');
  let now = 0;
  let inner: Control = control;
  const remembered = rememberControl(
    { ...control, findKey: (key) => inner.findKey(key), findToken: (given) => inner.findToken(given) },
    keys,
    () => now,
  );
  const grant = await remembered.findKey(app.value.key);
  const principal = await remembered.findToken(token.value.token);
  expect(grant?.app?.name).toBe('shop');
  inner = { ...control, findKey: away, findToken: away };
  expect(await remembered.findKey(app.value.key)).toEqual(grant);
  await expect(remembered.findKey(KEY)).rejects.toThrow('away');
  expect(await remembered.findToken(token.value.token)).toEqual(principal);
  await expect(remembered.findToken('sxt_other')).rejects.toThrow('away');
  now = PRINCIPAL_KEPT_MS + 1;
  await expect(remembered.findToken(token.value.token)).rejects.toThrow('away');
});

test('a database that is away at the start is opened when it is there, tried now and then by one at a time', async () => {
  const { control } = await prepareControl();
  const problem = { code: 'cannot-open', message: 'nobody there' } as const;
  let tries = 0;
  let there = false;
  let now = 0;
  const late = openLate(
    async () => {
      tries += 1;
      return there ? ok(control) : err(problem);
    },
    problem,
    () => now,
  );
  await expect(late.apps()).rejects.toThrow('nobody there');
  expect(tries).toBe(0);
  now = OPEN_AGAIN_MS;
  const both = await Promise.allSettled([late.apps(), late.apps()]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(tries).toBe(1);
  there = true;
  now = 2 * OPEN_AGAIN_MS;
  expect(await late.apps()).toEqual([]);
  expect(await late.apps()).toEqual([]);
  expect(tries).toBe(2);
});

test('nobody waits for a database that has to be migrated when it is there again', async () => {
  const { control } = await prepareControl();
  let now = 0;
  const done = Promise.withResolvers<void>();
  const late = openLate(
    async (watch) => {
      watch({ done: 0.5, detail: 'version 9' });
      await done.promise;
      return ok(control);
    },
    { code: 'cannot-open', message: 'nobody there' },
    () => now,
  );
  now = OPEN_AGAIN_MS;
  await expect(late.apps()).rejects.toThrow('the database is migrated: version 9');
  await expect(late.findKey(KEY)).rejects.toThrow(StoreUnavailable);
  done.resolve();
  await vi.waitFor(async () => expect(await late.apps()).toEqual([]), { timeout: 20_000 });
});
