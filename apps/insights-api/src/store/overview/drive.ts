import type { Row } from './tables.ts';

/** Runs a program whose every step is answered at once. */
export function drive<S, T>(program: Generator<S, T, readonly Row[]>, run: (step: S) => readonly Row[]): T {
  let next = program.next();
  while (!next.done) next = program.next(run(next.value));
  return next.value;
}

/** Runs a program against a database that takes its time, one step after the other. */
export async function driveSlowly<S, T>(
  program: Generator<S, T, readonly Row[]>,
  run: (step: S) => Promise<readonly Row[]>,
): Promise<T> {
  let next = program.next();
  while (!next.done) next = program.next(await run(next.value));
  return next.value;
}
