import { EVENT_KINDS, SEVERITIES } from '../telemetry/event.ts';
import type { FieldName, FieldSpec, FieldType } from './fields.ts';
import { MAX_VALUE_LENGTH, MAX_WILDCARDS } from './limits.ts';
import type { Bound, Pattern, Place, Query } from './query.ts';
import { QueryFault, type Scanner, type Word } from './scanner.ts';
import { readCode, readCodeClass, readDuration, readFlag, readKind, readNumber, readSeverity } from './values.ts';

const OPERATOR = /[<>]=?|=/y;
type Operator = '<' | '<=' | '>' | '>=' | '=' | undefined;

/** What stands after a field's colon. */
interface Asked {
  readonly operator: Operator;
  readonly word: Word;
  readonly place: Place;
}

/** Reads the test of a field; the scanner stands behind the colon. */
export function readTest(scanner: Scanner, spec: FieldSpec & { readonly name: FieldName }, place: Place): Query {
  // The pattern matches nothing else.
  const operator = scanner.takeMatch(OPERATOR)?.[0] as Operator;
  const word = scanner.readWord();
  if (word.segments.length === 1 && word.segments[0] === '') {
    throw new QueryFault(word.at, `A value is missing after ${spec.name}.`);
  }
  const isAny = word.segments.every((segment) => segment === '');
  if (isAny && (operator === undefined || operator === '=')) return { op: 'present', ...place };
  return READERS[spec.type]({ operator, word, place });
}

const READERS: { readonly [T in FieldType]: (asked: Asked) => Query } = {
  text: (asked) => match(asked, true),
  words: (asked) => match(asked, asked.operator === '=' || asked.word.segments.length > 1),
  code: (asked) =>
    codeClass(asked) ?? (isCompared(asked) ? compare(asked, readCode, CODE_SENTENCE) : match(asked, true)),
  duration: (asked) =>
    compare(asked, readDuration, 'A duration is a number with a unit: 500ms, 1.5s, 2m (us, ms, s, m, h).'),
  number: (asked) => compare(asked, readNumber, 'A number is expected here, as 3 or -1.5.'),
  kind({ operator, word, place }) {
    const kind = readKind(word.bare ?? word.segments.join('*'));
    if (operator !== undefined && operator !== '=') throw noOrder(word, place);
    if (kind === undefined) throw new QueryFault(word.at, `A kind is one of ${EVENT_KINDS.join(', ')}.`);
    return { op: 'kind', kind };
  },
  flag({ operator, word, place }) {
    const success = readFlag(word.bare ?? word.segments.join('*'));
    if (operator !== undefined && operator !== '=') throw noOrder(word, place);
    if (success === undefined) throw new QueryFault(word.at, `${place.field} is true or false.`);
    return { op: 'success', success };
  },
  severity(asked) {
    const sentence = `A severity is one of ${SEVERITIES.join(', ')}.`;
    const rank = (text: string) => {
      const severity = readSeverity(text);
      return severity === undefined ? undefined : SEVERITIES.indexOf(severity);
    };
    const { from, to } = readBounds(asked, rank, sentence);
    const severities = SEVERITIES.filter((_, index) => isWithin(index, from, to));
    if (severities.length === 0) throw new QueryFault(asked.word.at, 'There is no severity beyond this one.');
    return { op: 'severity', severities };
  },
};

const CODE_SENTENCE = 'A status that is compared is a whole number of up to 9 digits.';

function match({ operator, word, place }: Asked, whole: boolean): Query {
  if (operator !== undefined && operator !== '=') throw noOrder(word, place);
  return { op: 'match', ...place, pattern: toPattern(word), whole };
}

const noOrder = (word: Word, { field }: Place): QueryFault =>
  new QueryFault(word.at, `${field} has no order: it cannot be compared, only be equal.`);

/** The pattern of a word, within bounds. */
export function toPattern({ segments, at }: Pick<Word, 'segments' | 'at'>): Pattern {
  const [first = '', ...others] = segments;
  // Two wildcards beside each other are one.
  const pattern: Pattern = [first, ...others.filter((segment, index) => segment !== '' || index === others.length - 1)];
  if (pattern.length > MAX_WILDCARDS + 1) throw new QueryFault(at, `A value has at most ${MAX_WILDCARDS} wildcards.`);
  if (pattern.join('').length > MAX_VALUE_LENGTH) {
    throw new QueryFault(at, `A value has at most ${MAX_VALUE_LENGTH} characters.`);
  }
  return pattern;
}

const isCompared = ({ operator, word: { bare } }: Asked): boolean =>
  operator === undefined ? bare?.includes('..') === true : operator !== '=';

/** `5xx`. */
function codeClass({ operator, word, place }: Asked): Query | undefined {
  const first = operator === undefined && word.bare !== undefined ? readCodeClass(word.bare) : undefined;
  if (first === undefined) return undefined;
  return { op: 'compare', ...place, from: bound(first), to: bound(first + 99) };
}

type Read = (text: string) => number | undefined;

const compare = (asked: Asked, read: Read, sentence: string): Query => ({
  op: 'compare',
  ...asked.place,
  ...readBounds(asked, read, sentence),
});

const bound = (value: number, inclusive = true): Bound => ({ value, inclusive });

function readBounds(
  { operator, word }: Asked,
  read: Read,
  sentence: string,
): { readonly from?: Bound; readonly to?: Bound } {
  const text = word.segments.join('*');
  const valueAt = (part: string, offset: number): number => {
    const value = read(part);
    if (value === undefined) throw new QueryFault(word.at + offset, sentence);
    return value;
  };
  const dots = operator === undefined ? text.indexOf('..') : -1;
  if (dots !== -1) {
    const [from, to] = [valueAt(text.slice(0, dots), 0), valueAt(text.slice(dots + 2), dots + 2)];
    if (from > to) throw new QueryFault(word.at, 'This range ends before it begins.');
    return { from: bound(from), to: bound(to) };
  }
  const value = valueAt(text, 0);
  if (operator === '>' || operator === '>=') return { from: bound(value, operator === '>=') };
  if (operator === '<' || operator === '<=') return { to: bound(value, operator === '<=') };
  return { from: bound(value), to: bound(value) };
}

/** Whether a number lies between two bounds, either of which may be absent. */
export function isWithin(value: number, from: Bound | undefined, to: Bound | undefined): boolean {
  if (from !== undefined && !(from.inclusive ? value >= from.value : value > from.value)) return false;
  return to === undefined || (to.inclusive ? value <= to.value : value < to.value);
}
