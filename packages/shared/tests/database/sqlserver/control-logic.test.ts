import { expect, test } from 'vitest';
import { makeSqlServerControl } from '../../../src/database/sqlserver/control.ts';
import {
  ADD_APP,
  ADD_TOKEN,
  FIND_APP,
  FIND_KEY,
  TAKE_LINK,
} from '../../../src/database/sqlserver/control-statements.ts';
import { type Row, type Sessions, SqlServerError, type Statement } from '../../../src/database/sqlserver/index.ts';

/** Sessions that answer each statement as told; what was sent is kept. No SQL is run. */
function scripted(answer: (statement: Statement) => Row[]) {
  const sent: Statement[] = [];
  const run: Sessions['run'] = async (statement) => {
    sent.push(statement);
    return [answer(statement)];
  };
  const sessions: Sessions = { run, transaction: (work) => work(run), close: async () => {} };
  return { sent, control: makeSqlServerControl(sessions, () => 1000) };
}

const KEY = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';

test('only a whole key is asked for: a longer one would be cut to somebody’s', async () => {
  const { control, sent } = scripted(() => [
    { id: 7, name: 'shop', retention_days: 90, apdex_ms: null, rate_limit: null },
  ]);
  for (const key of [`${KEY}0`, `${KEY}-x`, KEY.slice(1), '', "' OR 1=1 --"]) {
    expect(await control.findKey(key)).toBeUndefined();
  }
  expect(sent).toEqual([]);
  expect(await control.findKey(` ${KEY.toUpperCase()} `)).toEqual({
    app: { id: 7, name: 'shop', retentionDays: 90 },
  });
  expect(sent).toEqual([{ text: FIND_KEY, parameters: { key: ['varchar(36)', KEY] } }]);
});

test('a name that another process took between look and insert is taken, and ensureApp finds its key', async () => {
  let looks = 0;
  const { control } = scripted(({ text }) => {
    if (text === ADD_APP || text === ADD_TOKEN) throw new SqlServerError('duplicate', 'duplicate key');
    if (text === FIND_APP)
      return looks++ === 0 ? [] : [{ id: 7, name: 'Shop', retention_days: null, apdex_ms: null, key: KEY }];
    return [];
  });
  expect(await control.addApp('shop')).toMatchObject({ ok: false, error: { code: 'exists' } });
  expect(await control.addToken('ci', 'viewer')).toMatchObject({ ok: false, error: { code: 'exists' } });
  expect(await control.ensureApp('shop')).toEqual({ ok: true, value: { name: 'Shop', key: KEY } });
});

test('a look-up is tried again after a lost connection, taking a link is not', async () => {
  const { control, sent } = scripted(({ text }) => {
    if (text === TAKE_LINK || sent.length === 1) throw new SqlServerError('transient', 'gone', true);
    return [{ id: null, name: null, retention_days: null, rate_limit: 5 }];
  });
  expect(await control.findKey(KEY)).toEqual({ rateLimit: 5 });
  expect(sent).toHaveLength(2);
  await expect(control.useSignInLink('sxl_x')).rejects.toThrow('gone');
  expect(sent).toHaveLength(3);
});

test('an expired link is taken and gives nobody', async () => {
  const link = (expires: number) => [{ user: 'alice', role: 'admin', expires_at: String(expires) }];
  expect(await scripted(() => link(1000)).control.useSignInLink('sxl_x')).toBeUndefined();
  expect(await scripted(() => link(1001)).control.useSignInLink('sxl_x')).toEqual({ user: 'alice', role: 'admin' });
});

test('tokens and what they are stored as differ', async () => {
  const { control, sent } = scripted(() => [{ name_key: 'ci' }]);
  const issued = await control.addToken('CI', 'viewer');
  if (!issued.ok) throw new Error(issued.error.message);
  const values = Object.values(sent[0]?.parameters ?? {}).map(([, value]) => value);
  expect(values.some((value) => String(value).includes(issued.value.token))).toBe(false);
  expect(sent[0]?.parameters?.name_key).toEqual(['varchar(64)', 'ci']);
});
