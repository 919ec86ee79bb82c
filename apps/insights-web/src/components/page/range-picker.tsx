import { useRef } from 'react';
import { formatRange } from '../../lib/format.ts';
import { useShortcut } from '../../lib/keyboard.ts';
import { SPAN_NAMES, SPANS } from '../../lib/time-range.ts';
import { useTimeRange } from '../../lib/use-time-range.ts';
import { CalendarIcon } from '../ui/icons.tsx';
import { CustomRange } from './custom-range.tsx';

const PLACE =
  'flex h-7 cursor-pointer items-center rounded-[0.3rem] px-2.5 font-medium text-soft outline-offset-2 outline-accent hover:text-ink max-sm:flex-1 max-sm:justify-center max-sm:px-0 pointer-coarse:h-9.5';

/** The time range as a row of radio buttons, and a dialog for any other: `t` goes there, the arrow keys choose. */
export function RangePicker() {
  const { range, setRange } = useTimeRange();
  const row = useRef<HTMLFieldSetElement>(null);
  const dialog = useRef<HTMLDialogElement>(null);
  useShortcut('t', () => row.current?.querySelector<HTMLElement>('input:checked, button[aria-pressed=true]')?.focus());
  const custom = range.kind === 'between';
  const said = custom ? formatRange(range.from, range.to, Date.now()) : null;
  return (
    <>
      <fieldset
        ref={row}
        className="flex rounded-md border border-edge bg-surface p-px text-[0.8125rem]"
        title="Time range (t)"
      >
        <legend className="sr-only">Time range</legend>
        {SPANS.map((span) => (
          <label
            key={span}
            className={`${PLACE} has-checked:bg-tint has-checked:text-accent has-focus-visible:outline-2`}
          >
            <input
              type="radio"
              name="range"
              value={span}
              checked={range.kind === 'last' && span === range.span}
              aria-label={`Last ${SPAN_NAMES[span]}`}
              onChange={() => setRange({ kind: 'last', span })}
              className="sr-only"
            />
            <span aria-hidden="true">{span}</span>
          </label>
        ))}
        <button
          type="button"
          aria-pressed={custom}
          aria-label={said === null ? 'Other time range' : `Time range: ${said}`}
          title={said ?? 'Other time range'}
          onClick={() => dialog.current?.showModal()}
          className={`${PLACE} aria-pressed:bg-tint aria-pressed:text-accent`}
        >
          <CalendarIcon className="size-3.5" />
          {said !== null && <span className="ml-1.5 max-md:hidden">{said}</span>}
        </button>
      </fieldset>
      <CustomRange dialog={dialog} range={range} onChange={setRange} />
    </>
  );
}
