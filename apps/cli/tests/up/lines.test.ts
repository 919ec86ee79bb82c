import { expect, it } from 'vitest';
import { OUTPUT_LINE_MAX } from '../../src/ops/limits.ts';
import { Lines } from '../../src/ops/up/lines.ts';

function collect(): { lines: Lines; printed: string[] } {
  const printed: string[] = [];
  return { lines: new Lines((line) => printed.push(line)), printed };
}

it('prints whole lines, however the text is cut', () => {
  const { lines, printed } = collect();
  for (const character of 'one\r\n\ntwo\nthr') lines.push(character);
  expect(printed).toEqual(['one', '', 'two']);
  lines.end();
  expect(printed).toEqual(['one', '', 'two', 'thr']);
});

it('does not hold back a line without an end for ever', () => {
  const { lines, printed } = collect();
  for (let i = 0; i <= OUTPUT_LINE_MAX / 1024; i++) lines.push('x'.repeat(1024));
  expect(printed).toHaveLength(1);
});
