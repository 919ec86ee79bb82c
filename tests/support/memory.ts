// Peak memory of a process, from Linux's own accounting.
import { readFileSync, writeFileSync } from 'node:fs';
import { descendantsOf } from './processes.ts';

export interface Peak {
  readonly pid: number;
  readonly before: number;
}

function bytesOf(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1];
  if (kilobytes === undefined) throw new Error(`/proc/${pid}/status has no ${field}`);
  return Number(kilobytes) * 1024;
}

/** The process itself, or its descendant whose command line contains `part`. */
function find(pid: number, part: string | undefined): number {
  if (part === undefined) return pid;
  const found = descendantsOf(pid).find(({ args }) => args.includes(part));
  if (found === undefined) throw new Error(`no process of ${pid} runs ${part}`);
  return found.pid;
}

/** Starts to watch the peak memory of a process, or of its child that runs `part`. */
export function startPeak(pid: number | undefined, part?: string): Peak {
  if (pid === undefined) throw new Error('the process does not run');
  const watched = find(pid, part);
  writeFileSync(`/proc/${watched}/clear_refs`, '5'); // resets VmHWM to what is resident now
  return { pid: watched, before: bytesOf(watched, 'VmRSS') };
}

/** How far memory rose above where it was, at most, in bytes. */
export function peakSince({ pid, before }: Peak): number {
  return bytesOf(pid, 'VmHWM') - before;
}
