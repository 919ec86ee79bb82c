import { join } from 'node:path';
import { openControl } from '@scorpiox/shared/database';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../helpers/folder.ts';
import { startProgram } from '../helpers/process.ts';

const v8 = Number.parseInt(process.versions.v8, 10);

// V8 14 may free it. What a crash would show only now and then, V8's own trace shows each time.
test.runIf(v8 < 14)('while threads run TypeScript, no code that strips its types is freed', async () => {
  const file = join(temporaryFolder(), 'insights.db');
  const control = await openControl({ kind: 'sqlite', file });
  if (!control.ok) throw new Error(control.error.message);
  await control.value.close();
  const { ended, output } = startProgram('tests/programs/eager-wasm.ts', [file], {});
  expect(await ended).toEqual([0, null]);
  expect(output()).toContain('closed\n');
  expect(output()).not.toContain('Triggering GC');
});
