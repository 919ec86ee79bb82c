// Peak memory of processes, from Linux's own accounting.
import { readFileSync, writeFileSync } from 'node:fs';
import { descendantsOf } from './processes.ts';

export type Peak = readonly { readonly pid: number; readonly before: number }[];

function bytesOf(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1];
  if (kilobytes === undefined) throw new Error(`/proc/${pid}/status has no ${field}`);
  return Number(kilobytes) * 1024;
}

/** The process itself, or its descendants whose command lines contain `part`. */
function find(pid: number, part: string | undefined): readonly number[] {
  if (part === undefined) return [pid];
  const found = descendantsOf(pid).filter(({ args }) => args.includes(part));
  if (found.length === 0) throw new Error(`no process of ${pid} runs ${part}`);
  return found.map((process) => process.pid);
}

/** Starts to watch the peak memory of a process, or of its descendants that run `part`. */
export function startPeak(pid: number | undefined, part?: string): Peak {
  if (pid === undefined) throw new Error('the process does not run');
  return find(pid, part).map((watched) => {
    writeFileSync(`/proc/${watched}/clear_refs`, '5'); // resets VmHWM to what is resident now
    return { pid: watched, before: bytesOf(watched, 'VmRSS') };
  });
}

/** How far memory rose above where it was, at most, in bytes, of all of them together. */
export function peakSince(peak: Peak): number {
  return peak.reduce((sum, { pid, before }) => sum + Math.max(0, bytesOf(pid, 'VmHWM') - before), 0);
}
