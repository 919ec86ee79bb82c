// What a server costs, from Linux's own accounting: all of its processes, however many it is made of.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

interface Stat {
  readonly pid: number;
  readonly parent: number;
  /** Clock ticks: its own, and those of its children that ended and were waited for. */
  readonly own: number;
  readonly ended: number;
}

/** proc_pid_stat(5). Undefined where the process has just ended. */
function statOf(pid: number): Stat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The name stands in parentheses and may hold anything; what follows it begins with field 3.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [parent, user, system, endedUser, endedSystem] = [3 + 1, 14, 15, 16, 17].map((at) => Number(fields[at - 3]));
  return { pid, parent: parent ?? 0, own: (user ?? 0) + (system ?? 0), ended: (endedUser ?? 0) + (endedSystem ?? 0) };
}

function family(root: number): Stat[] {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (statOf(Number(name)) ?? []) : []));
  const members = new Map(all.filter(({ pid }) => pid === root).map((stat) => [stat.pid, stat]));
  for (let before = -1; before !== members.size; ) {
    before = members.size;
    for (const stat of all) if (members.has(stat.parent)) members.set(stat.pid, stat);
  }
  return [...members.values()];
}

/** Milliseconds of processor time, user and system, of the process and all that it started. */
export function processorTime(root: number): number {
  const ticks = family(root).reduce((sum, { own, ended }) => sum + own + ended, 0);
  return (ticks / TICKS) * 1000;
}

/** Octets of memory of the process and all that it started: each page is shared among those who have it (PSS). */
export function memory(root: number): number {
  return family(root).reduce((sum, { pid }) => sum + proportional(pid), 0);
}

function proportional(pid: number): number {
  try {
    const kilobytes = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0; // it has just ended
  }
}

/** Octets that a process has resident now, or (`VmHWM`) had at most. */
export function resident(pid: number, field: 'VmRSS' | 'VmHWM' = 'VmRSS'): number {
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes ?? Number.NaN) * 1024;
}
