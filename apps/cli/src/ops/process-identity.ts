/** Which process it was: by more than its number, which another one may have by now. */
import { readFile } from 'node:fs/promises';
import { systemErrorCode } from './failure.ts';

/** `<pid> <start time> <boot>`; the latter two are empty where there is no /proc. A zombie has no start time: it is dead. */
export async function identityOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  // proc_pid_stat(5): the second field, a name in brackets, may hold blanks and brackets. State is the 3rd, start the 22nd.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const startTime = fields[0] === 'Z' ? 'dead' : (fields[19] ?? '');
  return `${pid} ${startTime} ${boot.trim()}`;
}

/** The number of a process by its identity. */
export const pidOf = (identity: string): number => Number.parseInt(identity, 10);

/** Whether that very process runs. */
export async function isAlive(identity: string): Promise<boolean> {
  const pid = pidOf(identity);
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (systemErrorCode(error) !== 'EPERM') return false;
  }
  return (await identityOf(pid)) === identity;
}
