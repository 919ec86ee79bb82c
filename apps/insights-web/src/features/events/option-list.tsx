import type { Option } from './completion.ts';

interface OptionListProps {
  readonly id: string;
  readonly options: readonly Option[];
  readonly active: number;
  readonly onTake: (option: Option) => void;
}

/** What the completion offers. The field keeps the focus, and with it the keyboard: arrows choose, Enter takes. */
export function OptionList({ id, options, active, onTake }: OptionListProps) {
  return (
    <div
      id={id}
      role="listbox"
      aria-label="Completion"
      className="absolute top-full right-0 left-0 z-20 mt-1 max-w-2xl overflow-clip rounded-md border border-line bg-surface py-1 shadow-xl"
    >
      {options.map((option, place) => (
        <div
          key={option.insert}
          id={`${id}-${place}`}
          role="option"
          aria-selected={place === active}
          tabIndex={-1}
          onPointerDown={(event) => {
            event.preventDefault();
            onTake(option);
          }}
          className="flex cursor-pointer items-baseline gap-3 px-3 py-1 hover:bg-raised aria-selected:bg-tint pointer-coarse:py-2.5"
        >
          <span className="max-w-[60%] truncate font-mono text-xs">{option.insert}</span>
          <span className="min-w-0 flex-1 truncate text-xs text-muted">{option.about}</span>
        </div>
      ))}
    </div>
  );
}
