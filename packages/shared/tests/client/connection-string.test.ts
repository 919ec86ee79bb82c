import { expect, test } from 'vitest';
import { parseConnectionString } from '../../src/client/index.ts';

test.each([
  ['InstrumentationKey=k;IngestionEndpoint=https://h', 'https://h'],
  ['IngestionEndpoint=http://h:8080/; InstrumentationKey=k ;', 'http://h:8080'],
  ['instrumentationkey=k;INGESTIONENDPOINT=https://h/prefix//;LiveEndpoint=https://live', 'https://h/prefix'],
])('%s', (text, endpoint) => {
  expect(parseConnectionString(text)).toEqual({ ok: true, value: { key: 'k', endpoint } });
});

test('a value may hold an equals sign', () => {
  expect(parseConnectionString('InstrumentationKey=a=b;IngestionEndpoint=http://h')).toMatchObject({
    value: { key: 'a=b' },
  });
});

test.each([
  ['', 'missing-key'],
  ['hunter2', 'malformed'],
  ['=hunter2', 'malformed'],
  ['InstrumentationKey=;IngestionEndpoint=http://h', 'missing-key'],
  ['InstrumentationKey=hunter2 x;IngestionEndpoint=http://h', 'missing-key'],
  ['InstrumentationKey=hunter2\r\nx;IngestionEndpoint=http://h', 'missing-key'],
  ['InstrumentationKey=hunter2', 'missing-endpoint'],
  ['InstrumentationKey=hunter2;IngestionEndpoint=', 'missing-endpoint'],
  ['InstrumentationKey=hunter2;IngestionEndpoint=h:1', 'bad-endpoint'],
  ['InstrumentationKey=hunter2;IngestionEndpoint=ftp://h', 'bad-endpoint'],
  ['InstrumentationKey=hunter2;IngestionEndpoint=http://hunter2@h', 'bad-endpoint'],
  ['InstrumentationKey=hunter2;IngestionEndpoint=http://h?a=b', 'bad-endpoint'],
])('%j is refused as %s, and never repeated', (text, code) => {
  const result = parseConnectionString(text);
  expect(result).toMatchObject({ ok: false, error: { code } });
  expect(JSON.stringify(result)).not.toContain('hunter2');
});
