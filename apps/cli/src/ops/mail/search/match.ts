/**
 * Whether a message is what a term asks for. Answers are true, false, or undefined where more has to be known: so that the message
 * is looked at no further than the answer takes. Pure.
 */
import type { FileFacts } from '@scorpiox/maildir';
import type { Term, TextTerm } from './term.ts';

/** What is known of a message so far. */
export interface Known {
  readonly uid?: number;
  readonly flags: ReadonlySet<string>;
  readonly facts?: FileFacts;
  /** Whether it holds a text; undefined where that is not known yet. */
  readonly holds: (term: TextTerm) => boolean | undefined;
  /** The day of its Date field; null where it has none, undefined where that is not known yet. */
  readonly sentOn?: string | null;
}

export function match(term: Term, known: Known): boolean | undefined {
  switch (term.is) {
    case 'all':
      return decide(term.of, known, false);
    case 'any':
      return decide(term.of, known, true);
    case 'not':
      return turned(match(term.of, known));
    case 'flag':
      return hasFlag(known.flags, term.flag) === term.set;
    case 'uid': {
      const { uid } = known;
      return uid !== undefined && term.spans.some(({ first, last }) => uid >= first && uid <= last);
    }
    case 'size':
      return (
        known.facts && isBetween(known.facts.size, term.above === undefined ? undefined : term.above + 1, term.below)
      );
    case 'date':
      return known.facts && isBetween(known.facts.internalDate, term.from, term.before);
    case 'sent': {
      const { sentOn } = known;
      return sentOn === undefined ? undefined : sentOn !== null && isBetween(sentOn, term.from, term.before);
    }
    case 'text':
      return known.holds(term);
  }
}

/** The first answer that settles it counts; without one, and with an open one, it is open. */
function decide(terms: readonly Term[], known: Known, settling: boolean): boolean | undefined {
  let isOpen = false;
  for (const term of terms) {
    const answer = match(term, known);
    if (answer === settling) return settling;
    isOpen ||= answer === undefined;
  }
  return isOpen ? undefined : !settling;
}

const turned = (answer: boolean | undefined): boolean | undefined => (answer === undefined ? undefined : !answer);

function hasFlag(flags: ReadonlySet<string>, wanted: string): boolean {
  const name = wanted.toLowerCase();
  return [...flags].some((flag) => flag.toLowerCase() === name);
}

const isBetween = <T extends number | string>(value: T, from: T | undefined, before: T | undefined): boolean =>
  (from === undefined || value >= from) && (before === undefined || value < before);
