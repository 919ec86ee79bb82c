import type { RefObject } from 'react';
import { Button } from '../components/ui/button.tsx';
import { Dialog } from '../components/ui/dialog.tsx';
import { PAGES } from './pages.tsx';

const KEYS: readonly (readonly [string, string])[] = [
  ['Ctrl K', 'Go to a page or an application, change range or theme'],
  ...PAGES.map(({ key, name }) => [`g ${key}`, `Go to ${name}`] as const),
  ['/', 'Filter or search'],
  ['j k', 'Next and previous row; Enter opens it'],
  ['t', 'Choose the time range, then arrow keys'],
  ['r', 'Refresh now'],
  ['Esc', 'Clear the filter, close what is open'],
  ['?', 'This help'],
];

/** The keyboard's keys. Opened with `showModal()` by whoever holds the reference. */
export const HelpDialog = ({ dialog }: { readonly dialog: RefObject<HTMLDialogElement | null> }) => (
  <Dialog dialog={dialog} title="Keyboard" className="w-96">
    <dl className="grid grid-cols-[5.25rem_1fr] gap-y-2">
      {KEYS.map(([key, meaning]) => (
        <div key={key} className="contents">
          <dt className="flex gap-1">
            {key.split(' ').map((part) => (
              <kbd
                key={part}
                className="inline-block h-fit min-w-6 rounded border border-edge px-1.5 text-center font-mono text-xs"
              >
                {part}
              </kbd>
            ))}
          </dt>
          <dd className="text-soft">{meaning}</dd>
        </div>
      ))}
    </dl>
    <form method="dialog" className="mt-5 text-right">
      <Button type="submit">Close</Button>
    </form>
  </Dialog>
);
