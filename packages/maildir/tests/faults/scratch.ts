/** A temporary folder in memory where there is one: what these tests write has to survive nothing but themselves. */
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const MEMORY = '/dev/shm';

function base(): string {
  try {
    accessSync(MEMORY, constants.W_OK);
    return MEMORY;
  } catch {
    return tmpdir(); // other systems have none
  }
}

/** Removed when the test ends. */
export function scratch(): string {
  const folder = mkdtempSync(join(base(), 'scorpiox-maildir-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
