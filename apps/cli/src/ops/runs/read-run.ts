import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { Value } from 'typebox/value';
import { type Failure, kindOfSystemError, systemErrorCode } from '../failure.ts';
import type { RunEnd } from '../plan/apply.ts';
import type { Plan, World } from '../plan/plan.ts';
import { isAlive } from '../process-identity.ts';
import { Head, Line } from './records.ts';

/** How far a step is known to have come: `begun` is all that is known of one whose end is not noted. */
export interface Noted {
  readonly state: 'waiting' | 'begun' | 'done' | 'failed';
  /** Of `done`: what it made of what it touches. */
  readonly after?: World;
  readonly message?: string;
}

/** A run as its journal tells it. */
export interface Run {
  readonly run: string;
  readonly plan: Plan;
  /** ISO 8601. */
  readonly started: string;
  readonly by: string;
  /** `died`: without a word. */
  readonly state: RunEnd | 'running' | 'died';
  /** Why it ended, where not all was done. */
  readonly message: string;
  /** One for each of the plan's steps. */
  readonly steps: readonly Noted[];
}

const ENDING = '.ndjson';

/** A journal that tells nothing of its run. */
export interface Unreadable {
  readonly run: string;
  /** What is wrong with which file, and what to do: sentences. */
  readonly message: string;
}

/** The runs in a folder, newest first, and the journals that cannot be read. */
export async function readRuns(
  folder: string,
): Promise<Result<{ readonly runs: readonly Run[]; readonly unreadable: readonly Unreadable[] }, Failure>> {
  const runs: Run[] = [];
  const unreadable: Unreadable[] = [];
  let names: readonly string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT') return ok({ runs, unreadable });
    return err({ kind: kindOfSystemError(code), message: `The runs in ${folder} cannot be read: ${String(error)}.` });
  }
  for (const name of names.filter((name) => name.endsWith(ENDING)).sort()) {
    const [file, run] = [join(folder, name), name.slice(0, -ENDING.length)];
    const read = await readJournal(file, run);
    if (read.ok) runs.push(read.value);
    else unreadable.push({ run, message: `${file} ${read.error}` });
  }
  return ok({ runs: runs.sort((one, other) => (one.started < other.started ? 1 : -1)), unreadable });
}

async function readJournal(file: string, run: string): Promise<Result<Run, string>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    return err(`cannot be read (${code}). Make it readable for this user, or move it to another folder.`);
  }
  return parse(run, text);
}

/** The error is the rest of a sentence about the file, and what to do. */
async function parse(run: string, text: string): Promise<Result<Run, string>> {
  // A line without an end is one whose writer died in the middle of it.
  const [first, ...rest] = text.split('\n').slice(0, -1).map(parseJson);
  // Nothing is done before the first line is on disk.
  if (first === undefined && !text.includes('\n')) return err('was cut short before its run did anything. Remove it.');
  const lines = rest.filter((line) => Value.Check(Line, line));
  if (!Value.Check(Head, first) || lines.length < rest.length) {
    return err(
      'is damaged, or of another version of this program. Move it to another folder; its run cannot be undone.',
    );
  }
  const end = lines.find((line) => line.record === 'end');
  const state = end?.state ?? ((await isAlive(first.process)) ? 'running' : 'died');
  const { at: started, by, plan } = first;
  return ok({ run, plan, started, by, state, message: end?.message ?? '', steps: notedOf(plan, lines) });
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function notedOf(plan: Plan, lines: readonly Line[]): readonly Noted[] {
  const noted: Noted[] = plan.steps.map(() => ({ state: 'waiting' }));
  for (const line of lines) {
    if (line.record === 'begin') noted[line.step - 1] = { state: 'begun' };
    if (line.record === 'done') noted[line.step - 1] = { state: 'done', after: line.after };
    if (line.record === 'failed') noted[line.step - 1] = { state: 'failed', message: line.message };
  }
  return noted;
}
