import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeMatcher, makePredicate, parseQuery, type Subject } from '../../src/query-language/index.ts';

const EVENT: Subject = {
  app: 'Shop',
  kind: 'request',
  name: 'GET /health/Ärger',
  id: 's1',
  operationId: 't1',
  durationUs: 500_000,
  success: false,
  code: '503',
  message: 'Timeout after 30 s',
  severity: 'error',
  user: '42',
  value: 1.5,
  properties: { tenant: 'acme', 'a "key"': 'x\ny' },
  measurements: { items: 3 },
  weight: 1,
};

function holds(query: string, event: Subject = EVENT): boolean {
  const parsed = parseQuery(query);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return makePredicate(parsed.value.query)(event);
}

test.each([
  ...[
    '',
    'app:shop',
    'kind:request',
    'name:HEALTH',
    'name:get*',
    'name:*Ärger',
    '-name:=health',
    'timeout',
    '503',
    'ACME',
  ],
  ...[
    '"a \\"key\\""',
    'duration:>=500ms',
    'duration:0..500ms',
    'status:5xx',
    'status:>502',
    'success:false',
    'user:42',
  ],
  ...['severity:>=warning', 'properties.tenant:ac*', 'measurements.items:>2', 'trace:t1', '-version:*', '-session:x'],
  ...['value:1.5', 'user:4 OR user:42', '(user:4 OR app:shop) kind:request', 'tim*30', 'count:1'],
])('holds: %s', (query) => expect(holds(query)).toBe(true));

test.each([
  ...[
    'app:sho',
    'kind:trace',
    'name:=GET',
    'name:=health',
    'name:*Ärge',
    'duration:>500ms',
    'status:4xx',
    'status:50',
    'user:4',
  ],
  ...[
    'severity:<error',
    'success:true',
    'properties.tenant:ac',
    'properties.Tenant:acme',
    'measurements.other:>0',
    'name:*ärger',
  ],
  ...[
    'version:*',
    'session:x',
    'value:<1.5',
    '-timeout',
    '30*tim',
    'measurements.items:>3',
    'properties.constructor:*',
  ],
])('does not hold: %s', (query) => expect(holds(query)).toBe(false));

test('a pattern fits as a regular expression would', () => {
  const texts = fc.string({ unit: fc.constantFrom('a', 'B', 'b', 'é', '*'), maxLength: 8 });
  fc.assert(
    fc.property(fc.array(texts, { minLength: 1, maxLength: 4 }), texts, fc.boolean(), (segments, text, whole) => {
      const [first = '', ...others] = segments;
      const source = segments.map((segment) => segment.replace(/\*/g, '\\*')).join('[^]*');
      const expected = new RegExp(whole ? `^${source}$` : source, 'i').test(text);
      expect(makeMatcher([first, ...others], whole)(text)).toBe(expected);
    }),
  );
});
