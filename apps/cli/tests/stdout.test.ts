// Standard output that takes nothing, as a file on a full disk does.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { EXIT_OK, exitCodeOf } from '../src/exit-codes.ts';
import { processIo } from '../src/io.ts';
import { codeWithOutput } from '../src/program.ts';
import { temporaryFolder } from './support/scorpiox.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

it.skipIf(!existsSync('/dev/full'))('is told, with the code of a full disk, and without a stack', async () => {
  const cwd = await temporaryFolder();
  const full = await open('/dev/full', 'w');
  try {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, 'completion', 'bash'], {
      cwd,
      stdio: ['ignore', full.fd, 'pipe'],
    });
    let said = '';
    child.stderr?.on('data', (chunk) => {
      said += chunk;
    });
    const [code] = await once(child, 'close');
    expect([said, code]).toEqual(['scorpiox: Standard output took not all of it: ENOSPC.\n', 75]);
  } finally {
    await full.close();
  }
});

it('leaves the code of what failed besides, and of what lost nothing', () => {
  const said: string[] = [];
  const io = (error?: Error) => ({ ...processIo(), say: (line: string) => said.push(line), lost: () => error });
  const failed = exitCodeOf('findings');
  expect(codeWithOutput(EXIT_OK, io())).toBe(EXIT_OK);
  expect(said).toEqual([]);
  expect(codeWithOutput(failed, io(new Error('no more')))).toBe(failed);
  expect(said).toEqual(['scorpiox: Standard output took not all of it: no more.\n']);
});
