// Python's imaplib, the library of scripts. The program itself says what it expects.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Platform, passwordOf, startPlatform } from '../support/platform.ts';
import { mustRun, ROOT } from '../support/process.ts';
import { describeWith } from '../support/programs.ts';

describeWith(['python3'], "Python's imaplib", () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform();
    await platform.addUser('alice');
  });
  afterAll(() => platform.stop());

  test('names in any script, literals, UIDPLUS, MOVE and UTF8=ACCEPT', async () => {
    const script = join(ROOT, 'tests/programs/daily.py');
    const args = [script, String(platform.ports.imaps), platform.ca, 'alice'];
    const said = await mustRun('python3', args, { input: passwordOf('alice') });
    expect(said.toString()).toBe('done\n');
  });
});
