/** Finding a path in a text. Pure. */
import type { AbsolutePath } from './absolute-path.ts';
import { isPattern, startOf, type Why, whyNotEnd } from './boundaries.ts';
import {
  type Escaping,
  escapingOf,
  firstSeparator,
  patternOf,
  type Spelling,
  spellingOf,
  type Unit,
} from './spellings.ts';

/** How a path is written where it was found: what another has to be written like in its place. */
export interface Style {
  /** Before the first name, between the first two, and so on; where it is doubled, both. */
  readonly separators: readonly string[];
  readonly escaping: Escaping;
}

interface Place {
  /** Characters of the text: from the separator before the first name to the end of the last name. */
  readonly start: number;
  readonly end: number;
}

export type Occurrence =
  | (Place & { readonly kind: 'hit'; readonly spelling: Spelling; readonly style: Style })
  | (Place & { readonly kind: 'near-miss'; readonly why: Why });

/** Looks for one path in texts, in order of their places. */
export type Find = (text: string) => Iterable<Occurrence>;

export function finder(path: AbsolutePath, unit: Unit): Find {
  const loose = new RegExp(patternOf(path, unit, true), 'g');
  const exact = new RegExp(patternOf(path, unit, false), 'y');
  return function* find(text) {
    loose.lastIndex = 0;
    for (let match = loose.exec(text); match !== null; match = loose.exec(text)) {
      const { index } = match;
      const found = judge(text, match, unit);
      // A path may begin within what only looked like one.
      const next = found?.kind === 'hit' ? found.end : index + 1;
      if (found !== undefined) {
        exact.lastIndex = index;
        const isExact = exact.test(text);
        if (isExact) yield found;
        else if (found.kind === 'hit')
          yield { kind: 'near-miss', start: found.start, end: found.end, why: 'other-case' };
      }
      loose.lastIndex = next;
    }
  };
}

function judge(text: string, match: RegExpExecArray, unit: Unit): Occurrence | undefined {
  const [matched, ...between] = match;
  const end = match.index + matched.length;
  const inner = between[0] === undefined ? undefined : firstSeparator(between[0]);
  const begin = startOf(text, match.index, inner, unit);
  if (begin === undefined) return undefined;
  const start = match.index - begin.separator.length;
  const separators = [begin.separator, ...between];
  const whyStart = begin.why ?? (isPattern(text, end, begin) ? 'longer-path' : undefined);
  const whyEnd = whyNotEnd(text, end, firstSeparator(separators.at(-1) ?? ''), begin, unit);
  // What is neither at its beginning nor at its end the path is no near miss of it.
  if (whyStart !== undefined && whyEnd !== undefined) return undefined;
  const why = whyStart ?? whyEnd;
  if (why !== undefined) return { kind: 'near-miss', start, end, why };
  const escaping = escapingOf(separators, text.slice(match.index, end), begin.isUrl);
  return { kind: 'hit', start, end, spelling: spellingOf(separators), style: { separators, escaping } };
}
