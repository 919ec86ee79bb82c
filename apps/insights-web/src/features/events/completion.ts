/**
 * The query field's completion as a state and what happens to it. The text is the field's; what may stand at the caret
 * `completeQuery` knows; the values of an application's events come from the API. Pure.
 */
import { type Completion, completeQuery, parseQuery, printPlace, printValue } from '@scorpiox/shared/query-language';
import { formatCount } from '../../lib/format.ts';

export interface CompletionState {
  readonly text: string;
  /** Where the caret stands, from 0. */
  readonly caret: number;
  /** Whether the list may be shown. */
  readonly open: boolean;
  /** Place of the option that Enter takes; -1 for none. */
  readonly active: number;
}

export interface Option {
  /** What is put in. */
  readonly insert: string;
  readonly about: string;
  /** Whether more has to follow (a field's value, a property's test), so that no blank does. */
  readonly goesOn: boolean;
}

export const stateOf = (text: string): CompletionState => ({ text, caret: text.length, open: false, active: -1 });

/** Something was typed or deleted: the list opens, and nothing of it is chosen. */
export const edited = (text: string, caret: number): CompletionState => ({ text, caret, open: true, active: -1 });

/** The caret moved, or the field was entered. */
export const movedTo = (state: CompletionState, caret: number): CompletionState =>
  caret === state.caret ? state : { ...state, caret, active: -1 };

/** An arrow key: opens the list, then goes round in it; -1 stands for what is typed. */
export function stepped(state: CompletionState, direction: 1 | -1, count: number): CompletionState {
  if (!state.open) return { ...state, open: true, active: count > 0 && direction === 1 ? 0 : -1 };
  const places = count + 1;
  return { ...state, active: ((state.active + 1 + direction + places) % places) - 1 };
}

export const closed = (state: CompletionState): CompletionState => ({ ...state, open: false, active: -1 });

/** An option takes the place of what is typed of it, with the caret behind. The list goes on where something has to follow. */
export function accepted(state: CompletionState, { from, to }: Completion, option: Option): CompletionState {
  const after = state.text.slice(to);
  const gap = option.goesOn || /^[\s)]/.test(after) ? '' : ' ';
  const inserted = option.insert + gap;
  return {
    text: state.text.slice(0, from) + inserted + after,
    caret: from + inserted.length,
    open: option.goesOn,
    active: -1,
  };
}

/** A value or a key that the API knows, and how often it came. */
interface Known {
  readonly value: string;
  readonly count: number;
}

const keyOption = (map: 'properties' | 'measurements', value: string): string =>
  `${printPlace({ field: map, key: value }).slice(map.length + 1)}:`;

/** A value as it stands behind its field: a name is asked for whole, where without the sign a part of it would do. */
function valueOption(field: string, value: string): string {
  const printed = printValue(value);
  return field === 'name' && !printed.startsWith('=') ? `=${printed}` : printed;
}

/** What the list offers: what is known of the language, then what the API has heard of. */
export function optionsOf(completion: Completion, known: readonly Known[]): Option[] {
  const fixed = completion.options.map(({ insert, about }) => ({ insert, about, goesOn: /[.:]$/.test(insert) }));
  const { ask } = completion;
  if (ask === undefined) return fixed;
  const isKey = ask === 'properties' || ask === 'measurements';
  const typed = completion.typed.replace(/^=/, '').toLowerCase();
  const heard = known
    .filter(({ value }) => value.toLowerCase().startsWith(typed))
    .map(({ value, count }) => ({
      insert: isKey ? keyOption(ask, value) : valueOption(ask, value),
      about: `${formatCount(count)} ${count === 1 ? 'event' : 'events'}`,
      goesOn: isKey,
    }));
  return [...fixed, ...heard];
}

/** The part of the query before the term at the caret, in which values are looked for: those of `app:shop`, not of all. */
export function contextOf({ text }: Pick<CompletionState, 'text'>, { from }: Completion): string {
  const before = text
    .slice(0, from)
    .replace(/[^\s()]*$/, '')
    .trim();
  return parseQuery(before).ok ? before : '';
}

/** What may stand at the caret. */
export const completionAt = ({ text, caret }: CompletionState): Completion => completeQuery(text, caret);
