import fc from 'fast-check';
import { expect, test } from 'vitest';
import { appsNamed, forApp, makePredicate, parseQuery, printQuery } from '../../src/query-language/index.ts';
import { goodQueryTexts, queryTexts } from './queries.ts';

const read = (text: string) => {
  const parsed = parseQuery(text);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value.query;
};

test.each<[string, string | undefined]>([
  ['app:shop kind:request', 'kind:request'],
  ['app:blog kind:request', undefined],
  ['-app:blog', ''],
  ['app:SH* OR user:1', ''],
  ['app:blog OR user:1 OR user:2', 'user:1 OR user:2'],
  ['-(app:shop user:1)', '-user:1'],
  ['-(app:shop OR user:1)', undefined],
  ['app:*', ''],
])('%s, of shop', (query, left) => {
  const narrowed = forApp(read(query), 'shop');
  expect(narrowed && printQuery(narrowed)).toBe(left);
});

test('what is left says the same of every event of the application', () => {
  fc.assert(
    fc.property(fc.oneof(goodQueryTexts, queryTexts), fc.constantFrom('shop', 'blog'), (typed, app) => {
      const parsed = parseQuery(typed);
      if (!parsed.ok) return;
      const narrowed = forApp(parsed.value.query, app);
      for (const more of [{}, { user: '42', durationUs: 600_000 }, { success: false, code: '503' }]) {
        const event = { app, kind: 'request', name: 'GET /health', weight: 1, ...more } as const;
        const expected = makePredicate(parsed.value.query)(event);
        expect(narrowed === undefined ? false : makePredicate(narrowed)(event)).toBe(expected);
      }
    }),
  );
});

test('applications that are named outright are told', () => {
  const { pattern } = appsNamed(read('kind:request -(app:shop OR app:b*)'))[0] ?? {};
  expect(pattern).toEqual(['shop']);
});
