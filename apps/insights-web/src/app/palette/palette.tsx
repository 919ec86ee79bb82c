import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { SearchIcon } from '../../components/ui/icons.tsx';
import { type Command, findCommands } from './commands.ts';
import { useCommands } from './use-commands.ts';

interface OptionProps {
  readonly command: Command;
  readonly id: string;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

function Option({ command, id, chosen, onChoose }: OptionProps) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (chosen) element.current?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys, and says which option is chosen
    <div
      ref={element}
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={chosen}
      onClick={onChoose}
      className="flex cursor-pointer items-baseline gap-3 rounded-md px-3 py-1.5 hover:bg-raised aria-selected:bg-tint aria-selected:text-accent pointer-coarse:py-2.5"
    >
      <span className="min-w-0 flex-1 truncate">{command.name}</span>
      <span className="text-xs text-muted">{command.group}</span>
    </div>
  );
}

/** Where the arrow keys lead from `at` in a list of `length`, round its ends; undefined for other keys. */
function step(key: string, at: number, length: number): number | undefined {
  if (length === 0) return undefined;
  if (key === 'ArrowDown') return (at + 1) % length;
  return key === 'ArrowUp' ? (at - 1 + length) % length : undefined;
}

interface PaletteProps {
  readonly onClose: () => void;
}

/** A field that finds what one can do, and does it: the way by keyboard to everything. */
export function Palette({ onClose }: PaletteProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const base = useId();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const found = findCommands(useCommands(), typed);
  useEffect(() => dialog.current?.showModal(), []);
  const choose = (command: Command | undefined): void => {
    if (command === undefined) return;
    dialog.current?.close();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = step(event.key, at, found.length);
    if (next !== undefined) setAt(next);
    else if (event.key === 'Enter') choose(found[at]);
    else return;
    event.preventDefault();
  };
  return (
    <dialog
      ref={dialog}
      onClose={onClose}
      aria-label="Go to"
      className="mx-auto mt-[12vh] w-[34rem] max-w-[calc(100vw-1rem)] rounded-lg border border-line bg-surface text-[0.8125rem] text-ink shadow-xl backdrop:bg-black/40"
    >
      <div className="flex items-center gap-2 border-b border-line px-3">
        <SearchIcon className="size-4 text-muted" />
        <input
          role="combobox"
          aria-label="Page, application, time range or theme"
          aria-expanded="true"
          aria-controls={`${base}list`}
          aria-activedescendant={found.length === 0 ? undefined : `${base}${at}`}
          aria-autocomplete="list"
          placeholder="Go to …"
          spellCheck={false}
          autoComplete="off"
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
          className="h-11 w-full bg-transparent text-base outline-none placeholder:text-muted sm:text-sm"
        />
      </div>
      <div id={`${base}list`} role="listbox" aria-label="Found" className="max-h-[50vh] overflow-y-auto p-1.5">
        {found.map((command, index) => (
          <Option
            key={command.id}
            command={command}
            id={`${base}${index}`}
            chosen={index === at}
            onChoose={() => choose(command)}
          />
        ))}
      </div>
      {found.length === 0 && (
        <p role="status" className="px-4 pb-4 text-soft">
          Nothing here is called “{typed.trim()}”.
        </p>
      )}
    </dialog>
  );
}
