import { useSyncExternalStore } from 'react';

const DARK = '(prefers-color-scheme: dark)';

function subscribe(changed: () => void): () => void {
  const watcher = new MutationObserver(changed);
  watcher.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  const system = matchMedia(DARK);
  system.addEventListener('change', changed);
  return () => {
    watcher.disconnect();
    system.removeEventListener('change', changed);
  };
}

const read = (): string => `${document.documentElement.dataset.theme ?? 'system'} ${matchMedia(DARK).matches}`;

/** A text that differs whenever the colours do: for what is drawn with colours read once. */
export const useThemeChanges = (): string => useSyncExternalStore(subscribe, read);
