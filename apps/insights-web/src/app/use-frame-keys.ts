import { useNavigate } from '@tanstack/react-router';
import { stepRow, useChord, useShortcut } from '../lib/keyboard.ts';
import { PAGES } from './pages.tsx';

/** The keys that work on every page: `g` and a page's letter, `j` and `k` through its rows. */
export function useFrameKeys(): void {
  const navigate = useNavigate();
  const pageOf = (key: string) => PAGES.find((page) => page.key === key);
  useChord(
    'g',
    (key) => pageOf(key) !== undefined,
    (key) => void navigate({ to: pageOf(key)?.to ?? '/apps' }),
  );
  useShortcut('j', () => stepRow(1));
  useShortcut('k', () => stepRow(-1));
}
