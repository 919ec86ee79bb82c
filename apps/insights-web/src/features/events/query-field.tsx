import { parseQuery } from '@scorpiox/shared/query-language';
import {
  type ComponentProps,
  type FormEvent,
  type KeyboardEvent,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { Button } from '../../components/ui/button.tsx';
import { SearchIcon } from '../../components/ui/icons.tsx';
import { useShortcut } from '../../lib/keyboard.ts';
import type { ApiRange } from '../../lib/time-range.ts';
import { type CompletionState, closed, edited, movedTo, stepped } from './completion.ts';
import { OptionList } from './option-list.tsx';
import { type Mistake, QueryProblem } from './query-problem.tsx';
import { useCompletion } from './use-completion.ts';

interface QueryFieldProps {
  /** The query in force. */
  readonly value: string;
  /** The span in which values are looked for. */
  readonly range: ApiRange;
  readonly onSubmit: (query: string) => void;
  /** What the API holds against the query in force. */
  readonly refusal?: Mistake | undefined;
  /** What the button says: `Search`, `Filter`. */
  readonly action: string;
}

/** What is wrong with the text; told once somebody tried it, or the address has it, until it is mended. */
function useProblem(text: string, value: string, refusal: Mistake | undefined) {
  const [tried, setTried] = useState<string | null>(null);
  const parsed = parseQuery(text);
  const isInForce = text === value;
  const own = !parsed.ok && (isInForce || tried !== null) ? parsed.error : undefined;
  return { problem: own ?? (isInForce ? refusal : undefined), isGood: parsed.ok, setTried };
}

/** Keeps the caret where the state has it, also after an option was put in. */
function useCaret({ text, caret }: CompletionState) {
  const field = useRef<HTMLInputElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: after each change of the text
  useLayoutEffect(() => {
    const input = field.current;
    if (input !== null && document.activeElement === input && input.selectionStart === input.selectionEnd) {
      input.setSelectionRange(caret, caret);
    }
  }, [text, caret]);
  return field;
}

interface InputProps extends Omit<ComponentProps<'input'>, 'list' | 'onChange' | 'onSelect'> {
  /** Id of the list of options, and whether it is shown. */
  readonly list: string;
  readonly isOpen: boolean;
  /** Id of what says the mistake; undefined where there is none. */
  readonly problem: string | undefined;
  readonly state: CompletionState;
  readonly setState: (state: CompletionState) => void;
}

const Input = ({ list, isOpen, problem, state, setState, ...rest }: InputProps) => (
  <input
    type="text"
    role="combobox"
    aria-label="Query"
    aria-keyshortcuts="/"
    aria-autocomplete="list"
    aria-expanded={isOpen}
    aria-controls={list}
    aria-activedescendant={isOpen && state.active >= 0 ? `${list}-${state.active}` : undefined}
    aria-invalid={problem !== undefined}
    aria-describedby={problem}
    placeholder='app:shop kind:request duration:>500ms status:5xx "free text"'
    spellCheck={false}
    autoComplete="off"
    autoCapitalize="none"
    value={state.text}
    onChange={({ target }) => setState(edited(target.value, target.selectionStart ?? target.value.length))}
    onSelect={({ currentTarget }) => setState(movedTo(state, currentTarget.selectionStart ?? state.caret))}
    onBlur={() => setState(closed(state))}
    className="h-9 min-w-0 flex-1 rounded-md border border-edge bg-surface pr-3 pl-9 font-mono text-[0.8125rem] placeholder:text-muted aria-invalid:border-fail max-sm:text-base pointer-coarse:h-11"
    {...rest}
  />
);

/** The query language's field: completes fields and values, says where a mistake is; Enter asks. `/` goes there. */
export function QueryField({ value, range, onSubmit, refusal, action }: QueryFieldProps) {
  const { state, setState, options, accept } = useCompletion(value, range);
  const { problem, isGood, setTried } = useProblem(state.text, value, refusal);
  const field = useCaret(state);
  const [list, problemId] = [useId(), useId()];
  const isOpen = options.length > 0;
  useShortcut('/', () => {
    field.current?.focus();
    field.current?.select();
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setState(closed(state));
    setTried(isGood ? null : state.text);
    if (isGood) onSubmit(state.text.trim());
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    const { key } = event;
    const chosen = options[state.active];
    if (key === 'ArrowDown' || key === 'ArrowUp')
      setState(stepped(state, key === 'ArrowDown' ? 1 : -1, options.length));
    else if ((key === 'Enter' || key === 'Tab') && chosen !== undefined) accept(chosen);
    else if (key === 'Escape' && isOpen) setState(closed(state));
    else if (key === 'Escape') event.currentTarget.blur();
    else return;
    event.preventDefault();
  };
  const told = problem === undefined ? undefined : problemId;
  return (
    <form className="relative mb-3" onSubmit={submit}>
      <div className="relative flex gap-2">
        <SearchIcon className="pointer-events-none absolute top-1/2 left-3 size-3.5 -translate-y-1/2 text-muted" />
        <Input ref={field} {...{ list, isOpen, state, setState, onKeyDown }} problem={told} />
        <Button type="submit" className="h-9 pointer-coarse:h-11">
          {action}
        </Button>
        {isOpen && <OptionList id={list} options={options} active={state.active} onTake={accept} />}
      </div>
      {problem !== undefined && <QueryProblem id={problemId} text={state.text} problem={problem} />}
    </form>
  );
}
