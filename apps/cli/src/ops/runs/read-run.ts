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

/** The runs in a folder, newest first, and the journals that cannot be read. */
export async function readRuns(
  folder: string,
): Promise<Result<{ readonly runs: readonly Run[]; readonly unreadable: readonly string[] }, Failure>> {
  const runs: Run[] = [];
  const unreadable: string[] = [];
  try {
    for (const name of (await readdir(folder)).filter((name) => name.endsWith(ENDING))) {
      const file = join(folder, name);
      const run = await parse(name.slice(0, -ENDING.length), await readFile(file, 'utf8'));
      if (run === undefined) unreadable.push(file);
      else runs.push(run);
    }
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT') return ok({ runs, unreadable });
    return err({ kind: kindOfSystemError(code), message: `The runs in ${folder} cannot be read: ${String(error)}.` });
  }
  return ok({ runs: runs.sort((one, other) => (one.started < other.started ? 1 : -1)), unreadable });
}

/** Undefined where it is no journal of this program's. */
async function parse(run: string, text: string): Promise<Run | undefined> {
  // A line without an end is one whose writer died in the middle of it.
  const [first, ...rest] = text.split('\n').slice(0, -1).map(parseJson);
  if (!Value.Check(Head, first)) return undefined;
  const lines = rest.filter((line) => Value.Check(Line, line));
  if (lines.length < rest.length) return undefined;
  const end = lines.find((line) => line.record === 'end');
  const state = end?.state ?? ((await isAlive(first.process)) ? 'running' : 'died');
  const { at: started, by, plan } = first;
  return { run, plan, started, by, state, message: end?.message ?? '', steps: notedOf(plan, lines) };
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
