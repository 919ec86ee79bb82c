/** Carries a plan out, step by step. The rules are in plan.ts. */
import { Failed, type Failure, kindOfSystemError, systemErrorCode } from '../failure.ts';
import type { Actions, Deed } from './action.ts';
import { isSameWorld, type Plan, type Step, type World } from './plan.ts';

/** How a run ended. */
export type RunEnd = 'done' | 'stale' | 'failed' | 'interrupted';

/** What is noted of a run, each call on disk before it returns where that is said. */
export interface RunNotes {
  /** The step is about to be done: on disk before it is. `step` counts from 1. */
  begin(step: number): Promise<void>;
  /** It was done, and this is what it made of what it touches. */
  done(step: number, after: World): Promise<void>;
  /** It was not, or not whole. */
  failed(step: number, message: string): Promise<void>;
  /** The run has ended: on disk. */
  end(state: RunEnd, message: string): Promise<void>;
}

export interface ApplyOptions {
  readonly actions: Actions;
  readonly notes: RunNotes;
  /** Ends the run after the step that is being done. */
  readonly stop: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface Applied {
  readonly state: RunEnd;
  /** Steps that were done. */
  readonly done: number;
  /** Why the others were not; absent when all were. */
  readonly failure?: Failure;
}

/** Does a plan's steps in order. Never throws: what cannot be noted is not begun. */
export async function applyPlan(plan: Plan, options: ApplyOptions): Promise<Applied> {
  let done = 0;
  try {
    for (const step of plan.steps) {
      const trouble = options.stop.aborted ? interrupted : await applyStep(step, done + 1, options);
      if (trouble !== undefined) return await endEarly(trouble, done, plan, options.notes);
      done += 1;
      options.onProgress?.(done, plan.steps.length);
    }
    await options.notes.end('done', '');
    return { state: 'done', done };
  } catch (error) {
    const { kind, message } = systemFailure(error);
    const far = `${done} of ${plan.steps.length} steps are known to be done.`;
    const failure: Failure = {
      kind: done > 0 ? 'partly-done' : kind,
      message: `The run cannot be noted: ${message} ${far}`,
    };
    return { state: 'failed', done, failure };
  }
}

interface Trouble {
  readonly state: Exclude<RunEnd, 'done'>;
  readonly failure: Failure;
  /** Whether the step that failed left what it touches in another state than before. */
  readonly isInDoubt?: boolean;
}

const interrupted: Trouble = { state: 'interrupted', failure: { kind: 'interrupted', message: 'Interrupted.' } };

async function applyStep(step: Step, number: number, { actions, notes }: ApplyOptions): Promise<Trouble | undefined> {
  const deed = actions.bind(step.action);
  if (deed === undefined) throw new TypeError(`A plan has an action ${step.action.kind} that there is none of.`);
  const changed = await changeSince(step, deed);
  if (changed !== undefined) return changed;
  await notes.begin(number);
  const failure = await attempt(() => deed.perform());
  if (failure !== undefined) {
    await notes.failed(number, failure.message);
    return { state: 'failed', failure, isInDoubt: !(await isStill(step.before, deed)) };
  }
  await notes.done(number, step.after ?? (await deed.look()));
  return undefined;
}

/** What is no longer as it was planned. */
async function changeSince(step: Step, deed: Deed): Promise<Trouble | undefined> {
  let now: World;
  try {
    now = await deed.look();
  } catch (error) {
    return { state: 'failed', failure: systemFailure(error) };
  }
  if (isSameWorld(now, step.before)) return undefined;
  const changed = Object.keys(now).filter((name) => now[name] !== step.before[name]);
  const message = `${changed.join(' and ')} changed since the plan was made.`;
  return { state: 'stale', failure: { kind: 'stale', message } };
}

async function isStill(before: World, deed: Deed): Promise<boolean> {
  try {
    return isSameWorld(await deed.look(), before);
  } catch {
    return false;
  }
}

async function attempt(perform: Deed['perform']): Promise<Failure | undefined> {
  try {
    const performed = await perform();
    return performed.ok ? undefined : performed.error;
  } catch (error) {
    return systemFailure(error);
  }
}

function systemFailure(error: unknown): Failure {
  if (error instanceof Failed) return error.failure;
  const message = error instanceof Error ? error.message : String(error);
  return { kind: kindOfSystemError(systemErrorCode(error)), message: `${message}.` };
}

/** What was done stays done; a step that was begun is told apart by the journal. */
async function endEarly(trouble: Trouble, done: number, { steps }: Plan, notes: RunNotes): Promise<Applied> {
  const { state, failure, isInDoubt = false } = trouble;
  await notes.end(state, failure.message);
  const far = isInDoubt ? 'The step may be half done.' : done === 0 ? 'Nothing was changed.' : '';
  const before = done === 0 ? '' : `${done} of ${steps.length} steps were done before.`;
  // Ctrl-C has a code of its own however far it was; all else that ended half-way is `partly-done`.
  const isPartly = (done > 0 || isInDoubt) && state !== 'interrupted';
  const message = [failure.message, far, before].filter((sentence) => sentence !== '').join(' ');
  return { state, done, failure: { kind: isPartly ? 'partly-done' : failure.kind, message } };
}
