/**
 * The steps of a series that have passed: the fall at the end of one that has only begun would mean nothing. `end`, where
 * the last step ends, and `now` in milliseconds since 1970; spans are widened, so the end may lie ahead.
 */
export function passedSteps(steps: readonly number[], end: number, now: number, stepSeconds: number): number[] {
  const ahead = Math.max(0, end - now) / 1000;
  return steps.slice(0, Math.max(1, steps.length - Math.ceil(ahead / stepSeconds)));
}
