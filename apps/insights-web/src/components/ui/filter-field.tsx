import { useEffect, useRef } from 'react';
import { useShortcut } from '../../lib/keyboard.ts';
import { SearchIcon } from './icons.tsx';

interface FilterFieldProps {
  readonly value: string;
  readonly onChange: (filter: string) => void;
  /** What it narrows by; `Filter by name` unless given. */
  readonly label?: string;
}

/**
 * Narrows a list to what has these words. The field keeps its own text while one types, because the address that
 * holds the filter follows a moment later; from outside (Back, a link) it is set only when nobody is typing.
 */
export function FilterField({ value, onChange, label = 'Filter by name' }: FilterFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  useShortcut('/', () => {
    field.current?.focus();
    field.current?.select();
  });
  useEffect(() => {
    if (field.current !== null && field.current !== document.activeElement) field.current.value = value;
  }, [value]);
  const clear = (input: HTMLInputElement): void => {
    input.value = '';
    onChange('');
    input.blur();
  };
  return (
    <div className="relative w-full sm:w-52">
      <SearchIcon className="pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-muted" />
      <input
        ref={field}
        type="search"
        defaultValue={value}
        aria-label={label}
        aria-keyshortcuts="/"
        placeholder="Filter"
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') clear(event.currentTarget);
        }}
        className="peer h-8 w-full rounded-md border border-edge bg-surface pr-2 pl-8 placeholder:text-muted max-sm:text-base sm:text-[0.8125rem] pointer-coarse:h-10"
      />
      <span
        aria-hidden="true"
        className="pointer-events-none absolute top-1/2 right-2 -translate-y-1/2 rounded border border-line px-1.5 font-mono text-xs leading-4.5 text-muted peer-focus:hidden peer-not-placeholder-shown:hidden pointer-coarse:hidden"
      >
        /
      </span>
    </div>
  );
}
