// @vitest-environment node
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../src/styles.css', import.meta.url), 'utf8');
const colours = new Map(
  [...css.matchAll(/--color-([a-z-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(
    ([, name, light, dark]) => [name, { light, dark }] as const,
  ),
);

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** WCAG 2.2, relative contrast, 1 to 21. */
function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function colour(name: string, theme: 'light' | 'dark'): string {
  const found = colours.get(name)?.[theme];
  if (found === undefined) throw new Error(`styles.css has no colour ${name} for both themes.`);
  return found;
}

const TEXT = ['ink', 'soft', 'muted', 'accent', 'fail', 'silent', 'healthy'];
const pairs: [string, string, number][] = [
  ...TEXT.flatMap((text) => ['canvas', 'surface', 'raised'].map((on): [string, string, number] => [text, on, 4.5])),
  ['ink', 'fail-tint', 4.5],
  ['fail', 'fail-tint', 4.5],
  ['silent', 'silent-tint', 4.5],
  ...['ink', 'soft', 'muted', 'accent', 'fail', 'silent'].map((text): [string, string, number] => [text, 'tint', 4.5]),
  ['on-fill', 'fill', 4.5],
  // What outlines a control has to be seen, not read (1.4.11).
  ['edge', 'surface', 3],
  ['edge', 'canvas', 3],
  ['fill', 'canvas', 3],
  // Lines and bars of charts.
  ...['accent', 'fail', 'silent', 'healthy', 'violet', 'teal', 'rose', 'muted'].flatMap((paint) =>
    ['canvas', 'surface'].map((on): [string, string, number] => [paint, on, 3]),
  ),
];

describe.each(['light', 'dark'] as const)('contrast in the %s theme', (theme) => {
  it.each(pairs)('%s on %s is at least %d', (text, on, least) => {
    expect(contrast(colour(text, theme), colour(on, theme))).toBeGreaterThanOrEqual(least);
  });
});
