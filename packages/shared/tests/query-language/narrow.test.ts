import fc from 'fast-check';
import { expect, test } from 'vitest';
import { appsNamed, forApp, kindsOf, makePredicate, parseQuery, printQuery } from '../../src/query-language/index.ts';
import { EVENT_KINDS } from '../../src/telemetry/index.ts';
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

test.each<[string, readonly string[] | undefined]>([
  ['', EVENT_KINDS],
  ['kind:request', ['request']],
  ['kind:request kind:trace', []],
  ['kind:request OR kind:trace', ['request', 'trace']],
  ['-kind:metric', EVENT_KINDS.filter((kind) => kind !== 'metric')],
  ['kind:request user:1', undefined],
  ['-(kind:request OR user:1)', undefined],
  ['kind:request OR user:1', undefined],
  ['kind:request (kind:trace user:1)', []],
])('%s asks for whole kinds', (query, kinds) => {
  expect(kindsOf(read(query))).toEqual(kinds);
});

test('whole kinds are those of which every event fulfils the query', () => {
  fc.assert(
    fc.property(fc.oneof(goodQueryTexts, queryTexts), (typed) => {
      const parsed = parseQuery(typed);
      const kinds = parsed.ok ? kindsOf(parsed.value.query) : undefined;
      if (!parsed.ok || kinds === undefined) return;
      const holds = makePredicate(parsed.value.query);
      for (const kind of EVENT_KINDS) {
        for (const more of [{}, { user: '42', durationUs: 600_000 }, { success: false, code: '503' }]) {
          expect(holds({ app: 'shop', kind, name: 'GET /health', weight: 1, ...more })).toBe(kinds.includes(kind));
        }
      }
    }),
  );
});

test('applications that are named outright are told', () => {
  const { pattern } = appsNamed(read('kind:request -(app:shop OR app:b*)'))[0] ?? {};
  expect(pattern).toEqual(['shop']);
});
