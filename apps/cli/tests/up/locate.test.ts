import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { entryOf } from '../../src/ops/up/locate.ts';

it.each(['imap', 'insights-api'] as const)('finds %s in the source tree', (part) => {
  expect(existsSync(entryOf(part))).toBe(true);
});

it('finds the built parts beside the built tool', () => {
  const tool = 'file:///opt/scorpiox/apps/cli/dist/main.js';
  expect(entryOf('imap', tool)).toBe('/opt/scorpiox/apps/imap/dist/main.js');
  expect(entryOf('insights-api', tool)).toBe('/opt/scorpiox/apps/insights-api/dist/main.js');
});
