/** LIST and LSUB patterns: `*` is anything, `%` anything within a level (RFC 3501 §6.3.8). Pure. */

/** Whether names match `reference` and `pattern` together, which are simply joined; INBOX in any case is INBOX. */
export function listPattern(reference: string, pattern: string, delimiter: string): (name: string) => boolean {
  const whole = upperInbox(reference + pattern, delimiter);
  return (name) => matchesPattern(whole, name, delimiter);
}

/** All names above a name: `a.b.c` → `a`, `a.b`. */
export function parentsOf(name: string, delimiter: string): string[] {
  const levels = name.split(delimiter);
  return levels.slice(1).map((_, index) => levels.slice(0, index + 1).join(delimiter));
}

function upperInbox(pattern: string, delimiter: string): string {
  const first = pattern.slice(0, 5);
  const next = pattern.charAt(5);
  const ends = next === '' || next === delimiter || next === '*' || next === '%';
  return ends && first.toUpperCase() === 'INBOX' ? `INBOX${pattern.slice(5)}` : pattern;
}

/**
 * Follows all places of the pattern that the name so far can have led to, so that a pattern of many wildcards costs
 * pattern times name and no more (a backtracking matcher takes exponential time on `*a*a*a*b`).
 */
function matchesPattern(pattern: string, name: string, delimiter: string): boolean {
  let states = new Set<number>([0]);
  for (const character of name.split('')) {
    const next = new Set<number>();
    for (const state of closure(states, pattern)) {
      const wanted = pattern.charAt(state);
      if (wanted === '*' || (wanted === '%' && character !== delimiter)) next.add(state);
      else if (wanted === character) next.add(state + 1);
    }
    if (next.size === 0) return false;
    states = next;
  }
  return closure(states, pattern).has(pattern.length);
}

/** The places of the pattern that can be reached without taking a character: past wildcards. */
function closure(states: ReadonlySet<number>, pattern: string): Set<number> {
  const reached = new Set(states);
  for (const state of reached) {
    const at = pattern.charAt(state);
    if (at === '*' || at === '%') reached.add(state + 1);
  }
  return reached;
}
