import { ALERT_GAP_MS } from '../limits.ts';
import type { Finding } from './conditions.ts';
import { step } from './machine.ts';
import type { Rule, Subjects } from './stored.ts';

const MINUTE_MS = 60_000;

/** What happened to a subject. */
export interface Happening {
  readonly subject: string;
  readonly what: 'fired' | 'resolved' | 'ended';
  /** When it began to be bad, milliseconds since 1970. */
  readonly since: number;
  readonly message: string;
}

export interface Applied {
  readonly subjects: Subjects;
  readonly happenings: readonly Happening[];
}

/**
 * One look at a rule's subjects. A subject that was bad and of which nothing was found is not the rule's any more, as
 * after a change of the rule: where it was firing, that has ended, of which nobody is told but the history.
 */
export function applyRule(
  rule: Pick<Rule, 'forMinutes' | 'resolveMinutes'>,
  before: Subjects,
  findings: ReadonlyMap<string, Finding>,
  now: number,
): Applied {
  const timing = {
    forMs: rule.forMinutes * MINUTE_MS,
    resolveMs: rule.resolveMinutes * MINUTE_MS,
    gapMs: ALERT_GAP_MS,
  };
  const subjects = new Map<string, { state: NonNullable<ReturnType<typeof step>['state']>; message: string }>();
  const happenings: Happening[] = [];
  for (const [subject, { level, message }] of findings) {
    const old = before.get(subject);
    const { state, transition } = step(old?.state, level, timing, now);
    if (state !== undefined)
      subjects.set(subject, { state, message: level === 'unknown' ? (old?.message ?? '') : message });
    if (transition !== undefined)
      happenings.push({ subject, what: transition, since: old?.state.since ?? now, message });
  }
  for (const [subject, { state, message }] of before) {
    if (findings.has(subject) || state.status !== 'firing') continue;
    happenings.push({ subject, what: 'ended', since: state.since, message });
  }
  return { subjects, happenings };
}
