import type { RefObject } from 'react';
import { Button } from '../components/ui/button.tsx';

const KEYS = [
  ['/', 'Filter the list'],
  ['Esc', 'Clear the filter, close this'],
  ['t', 'Choose the time range, then arrow keys'],
  ['r', 'Refresh now'],
  ['?', 'This help'],
] as const;

/** The keyboard's keys. Opened with `showModal()` by whoever holds the reference. */
export function HelpDialog({ dialog }: { readonly dialog: RefObject<HTMLDialogElement | null> }) {
  return (
    <dialog
      ref={dialog}
      aria-labelledby="help-title"
      className="m-auto w-80 max-w-[calc(100vw-2rem)] rounded-lg border border-line bg-surface p-5 text-ink shadow-xl backdrop:bg-black/40"
    >
      <h2 id="help-title" className="mb-3 font-semibold">
        Keyboard
      </h2>
      <dl className="grid grid-cols-[3rem_1fr] gap-y-2 text-[0.8125rem]">
        {KEYS.map(([key, meaning]) => (
          <div key={key} className="contents">
            <dt>
              <kbd className="inline-block min-w-6 rounded border border-edge px-1.5 text-center font-mono text-xs">
                {key}
              </kbd>
            </dt>
            <dd className="text-soft">{meaning}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog" className="mt-5 text-right">
        <Button type="submit">Close</Button>
      </form>
    </dialog>
  );
}
