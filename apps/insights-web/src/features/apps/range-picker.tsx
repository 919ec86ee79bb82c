import { useRef } from 'react';
import { useShortcut } from '../../lib/keyboard.ts';
import { RANGE_NAMES, RANGES, type Range } from './range.ts';

interface RangePickerProps {
  readonly value: Range;
  readonly onChange: (range: Range) => void;
}

/** The time range as a row of radio buttons: `t` goes there, the arrow keys choose. */
export function RangePicker({ value, onChange }: RangePickerProps) {
  const checked = useRef<HTMLInputElement>(null);
  useShortcut('t', () => checked.current?.focus());
  return (
    <fieldset className="flex rounded-md border border-edge bg-surface p-px text-[0.8125rem]" title="Time range (t)">
      <legend className="sr-only">Time range</legend>
      {RANGES.map((range) => (
        <label
          key={range}
          className="flex h-7 cursor-pointer items-center rounded-[0.3rem] px-2.5 font-medium text-soft outline-offset-2 outline-accent hover:text-ink has-checked:bg-tint has-checked:text-accent has-focus-visible:outline-2 max-sm:flex-1 max-sm:justify-center max-sm:px-0 pointer-coarse:h-9.5"
        >
          <input
            type="radio"
            name="range"
            value={range}
            checked={range === value}
            ref={range === value ? checked : undefined}
            aria-label={`Last ${RANGE_NAMES[range]}`}
            onChange={() => onChange(range)}
            className="sr-only"
          />
          <span aria-hidden="true">{range}</span>
        </label>
      ))}
    </fieldset>
  );
}
