import { useState } from 'react';
import { useValues } from '../../lib/api/get-values.ts';
import type { ApiRange } from '../../lib/time-range.ts';
import { useDebounced } from '../../lib/use-debounced.ts';
import {
  accepted,
  type CompletionState,
  completionAt,
  contextOf,
  type Option,
  optionsOf,
  stateOf,
} from './completion.ts';
import { COMPLETION_PAUSE_MS, OPTIONS_SHOWN } from './limits.ts';

/** A query field's text and what it offers. `value` is the query in force: where it changes, the field follows. */
export function useCompletion(value: string, range: ApiRange) {
  const [state, setState] = useState<CompletionState>(() => stateOf(value));
  const [followed, setFollowed] = useState(value);
  if (followed !== value) {
    setFollowed(value);
    setState(stateOf(value));
  }
  const completion = completionAt(state);
  const ask = useDebounced(
    state.open && completion.ask !== undefined
      ? `${completion.ask}\n${completion.typed.replace(/^=/, '')}\n${contextOf(state, completion)}`
      : null,
    COMPLETION_PAUSE_MS,
  );
  const [field = null, prefix = '', q = ''] = ask?.split('\n') ?? [];
  const values = useValues({ q, ...range }, field, prefix);
  const known = field === completion.ask ? (values.data?.values ?? []) : [];
  const options = state.open ? optionsOf(completion, known).slice(0, OPTIONS_SHOWN) : [];
  const accept = (option: Option): CompletionState => {
    const next = accepted(state, completion, option);
    setState(next);
    return next;
  };
  return { state, setState, options, accept };
}
