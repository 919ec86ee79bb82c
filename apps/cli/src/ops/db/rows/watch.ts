import type { Means } from '../actions/database-action.ts';

/** Who watches long work. */
export interface Watch {
  readonly stop: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/** Of a step of a plan: nobody needs to watch it. */
export const watchOf = ({ onProgress = () => undefined, stop = NEVER }: Means): Watch => ({ onProgress, stop });

const NEVER = new AbortController().signal;
