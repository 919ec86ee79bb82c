import fc from 'fast-check';
import { expect, test } from 'vitest';
import { completeQuery } from '../../src/query-language/index.ts';
import { queryTexts } from './queries.ts';

const inserts = (typed: string) => completeQuery(typed, typed.length).options.map(({ insert }) => insert);

test('fields are completed where a term begins', () => {
  expect(inserts('app:shop du')).toEqual(['duration:']);
  expect(inserts('-(na')).toEqual(['name:']);
  expect(inserts('lev')).toEqual(['severity:']);
  expect(inserts('prop')).toEqual(['properties.']);
  expect(inserts('').length).toBe(20);
  expect(completeQuery('kind:request na x', 15)).toMatchObject({ from: 13, to: 15, typed: 'na' });
});

test('values that are known are completed, others are to be asked for', () => {
  expect(inserts('kind:re')).toEqual(['request']);
  expect(inserts('severity:>')).toEqual(['>=information', '>=warning', '>=error', '>=critical']);
  expect(completeQuery('a level:w', 9)).toMatchObject({ from: 8, to: 9, options: [{ insert: 'warning' }] });
  expect(completeQuery('app:sh', 6)).toEqual({ from: 4, to: 6, typed: 'sh', options: [], ask: 'app' });
  expect(completeQuery('code:', 5)).toMatchObject({ ask: 'status' });
  expect(completeQuery('duration:>', 10).ask).toBeUndefined();
});

test('keys of properties and their values are to be asked for', () => {
  expect(completeQuery('properties.te', 13)).toEqual({ from: 11, to: 13, typed: 'te', options: [], ask: 'properties' });
  expect(completeQuery('properties."a k":"b c', 21)).toEqual({
    from: 17,
    to: 21,
    typed: 'b c',
    options: [],
    ask: 'properties."a k"',
  });
  expect(completeQuery('measurements.items:', 19).ask).toBeUndefined();
});

test('whatever is typed is completed within itself', () => {
  fc.assert(
    fc.property(queryTexts, fc.nat(60), (typed, place) => {
      const caret = Math.min(place, typed.length);
      const { from, to } = completeQuery(typed, caret);
      expect(from).toBeLessThanOrEqual(to);
      expect(to).toBe(caret);
      expect(from).toBeGreaterThanOrEqual(0);
    }),
  );
});
