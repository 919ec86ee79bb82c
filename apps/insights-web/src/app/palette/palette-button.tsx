import { lazy, Suspense, useState } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { SearchIcon } from '../../components/ui/icons.tsx';
import { useControlShortcut } from '../../lib/keyboard.ts';

const Palette = lazy(async () => ({ default: (await import('./palette.tsx')).Palette }));

/** Opens the palette; Ctrl-K does too. Its code comes when it is first wanted. */
export function PaletteButton() {
  const [open, setOpen] = useState(false);
  const show = (): void => {
    if (document.querySelector('dialog[open]') === null) setOpen(true);
  };
  useControlShortcut('k', show);
  return (
    <>
      <Button look="quiet" onClick={show} aria-keyshortcuts="Control+K" title="Go to a page or an application (Ctrl K)">
        <SearchIcon />
        <span className="sr-only">Go to …</span>
        <kbd className="rounded border border-line px-1.5 font-mono text-xs font-normal text-muted max-sm:hidden">
          Ctrl K
        </kbd>
      </Button>
      {open && (
        <Suspense fallback={null}>
          <Palette onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
