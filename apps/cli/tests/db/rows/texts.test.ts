import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyText, keyValues } from '../../../src/ops/db/backfill/fill.ts';
import { parseColumnName } from '../../../src/ops/db/rows/column-name.ts';
import { faultOf } from '../../../src/ops/db/rows/expression.ts';
import { identifiersIn } from '../../../src/ops/db/rows/identifiers.ts';
import { madeName } from '../../../src/ops/db/rows/names.ts';

test.each([
  ['us / 1000', undefined],
  ['CASE WHEN a = \';--\' THEN "x(" ELSE [y)] END', undefined],
  ['(a) + (b)', undefined],
  ['a - -b / 2', undefined],
  ['', 'is empty'],
  ['a; DROP TABLE t', 'is more than one statement'],
  ['a -- b', 'has a comment in it'],
  ['a /* b */', 'has a comment in it'],
  ['1) WHERE (1', 'has parentheses that do not match'],
  ['((1)', 'has parentheses that do not match'],
  ["'it''s", "has a ' that does not end"],
  ['"a', 'has a " that does not end'],
  ['[a', 'has a [ that does not end'],
])('%j as an expression: %s', (expression, fault) => {
  expect(faultOf(expression)).toBe(fault);
});

test('names are found where they are names', () => {
  const found = identifiersIn('CAST(Dur AS int) + [My Col] * "a ""b" - \'not_this\' + `tick`');
  expect([...found]).toEqual(['cast', 'dur', 'as', 'int', 'my col', 'a "b', 'tick']);
});

test('a key of a row is the same after it was noted', () => {
  const part = fc.oneof(
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.double({ noNaN: true }).filter((one) => !Number.isInteger(one)),
    fc.string({ unit: 'binary' }),
    fc.uint8Array().map((one) => Buffer.from(one)),
  );
  fc.assert(
    fc.property(fc.array(part, { minLength: 1 }), (key) => {
      expect(keyValues(keyText(key))).toEqual(key);
    }),
  );
});

test.each([
  ['t.c', { table: 't', column: 'c' }],
  ['dbo.App Requests.DurationMs', { table: 'dbo.App Requests', column: 'DurationMs' }],
  ['[a.b].[c.d]]]', { table: '[a.b]', column: 'c.d]' }],
  ['"x""y"."z"', { table: '"x""y"', column: 'z' }],
])('%s is a column of a table', (written, name) => {
  expect(parseColumnName(written)).toEqual({ ok: true, value: name });
});

test.each(['c', '.c', 't.', 'a.b.c.d', 't.[c'])('%s is none', (written) => {
  expect(parseColumnName(written)).toMatchObject({ ok: false, error: { kind: 'usage' } });
});

test('names that are made of others fit, and differ where these do', () => {
  const long = 'x'.repeat(200);
  expect(madeName('ux', 't', 'k')).toBe('ux_t_k');
  expect(madeName('ux', long, 'a')).toHaveLength(128);
  expect(madeName('ux', long, 'a')).not.toBe(madeName('ux', long, 'b'));
});
