import { existsSync, readFileSync } from 'node:fs';

/** Whether a process runs; one that has ended and was not collected by its parent yet does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const file = `/proc/${pid}/stat`;
  return !existsSync(file) || !readFileSync(file, 'utf8').includes(') Z ');
}
