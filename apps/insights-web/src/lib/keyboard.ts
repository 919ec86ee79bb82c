import { useEffect, useEffectEvent } from 'react';
import { CHORD_MS } from './limits.ts';

const takesText = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input:not([type=radio]):not([type=checkbox]), textarea, select'));

/** Whether a key press is an order to the page: not for a text field or a dialog, not taken by another. */
const isFree = (event: KeyboardEvent): boolean =>
  !event.defaultPrevented && !takesText(event.target) && document.querySelector('dialog[open]') === null;

const isPlain = (event: KeyboardEvent): boolean =>
  !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat && isFree(event);

/** Runs `action` when `key` is pressed alone, outside of text fields and open dialogs. */
export function useShortcut(key: string, action: () => void): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== key || !isPlain(event)) return;
    event.preventDefault();
    action();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => onKey(event);
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
}

/** Runs `action` at Ctrl and `key` (Command on a Mac), in text fields too. */
export function useControlShortcut(key: string, action: () => void): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.key.toLowerCase() !== key || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (!event.repeat) action();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => onKey(event);
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
}

/**
 * Runs `action` with the key that follows `first` within a moment, when `takes` says that it is one. It listens before
 * the single keys do, and takes the second key from them: `g r` is not also `r`.
 */
export function useChord(first: string, takes: (key: string) => boolean, action: (key: string) => void): void {
  const follow = useEffectEvent((event: KeyboardEvent): boolean => {
    if (!takes(event.key) || !isPlain(event)) return false;
    event.preventDefault();
    action(event.key);
    return true;
  });
  useEffect(() => {
    let pressedAt = Number.NEGATIVE_INFINITY;
    const listen = (event: KeyboardEvent): void => {
      const waiting = event.timeStamp - pressedAt < CHORD_MS;
      pressedAt = Number.NEGATIVE_INFINITY;
      if (waiting && follow(event)) return;
      if (event.key === first && isPlain(event)) pressedAt = event.timeStamp;
    };
    document.addEventListener('keydown', listen, { capture: true });
    return () => document.removeEventListener('keydown', listen, { capture: true });
  }, [first]);
}

/** What makes an element a row that `j` and `k` step to: to its first link, button or summary, or else to itself. */
export const rowProps = { 'data-row': '', tabIndex: -1 } as const;

/** Moves the focus to the next (1) or the previous (-1) row of the page, from its first or last one on. */
export function stepRow(direction: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('#main [data-row]')];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = at === -1 ? (direction === 1 ? 0 : rows.length - 1) : at + direction;
  const row = rows[Math.min(Math.max(next, 0), rows.length - 1)];
  if (row === undefined) return;
  (row.querySelector<HTMLElement>('a, button, summary') ?? row).focus();
  row.scrollIntoView({ block: 'nearest' });
}
