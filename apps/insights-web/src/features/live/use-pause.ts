import { type RefObject, useState } from 'react';
import { useReading } from '../../components/list/use-reading.ts';
import { useShortcut } from '../../lib/keyboard.ts';
import type { LiveTail } from './live-tail.ts';

export interface Pause {
  readonly hold: () => void;
  /** Lets in what was held back, and goes where it is. */
  readonly goOn: () => void;
}

/** The pause: by hand (`p`), or because the page is scrolled down, and then until it is back at the top. */
export function usePause(tail: LiveTail<unknown>, top: RefObject<HTMLElement | null>): Pause {
  const [by, setBy] = useState<'hand' | 'scroll' | null>(null);
  const set = (reason: 'hand' | 'scroll' | null): void => {
    setBy(reason);
    tail.pause(reason !== null);
  };
  const goOn = (): void => {
    window.scrollTo({ top: 0 });
    set(null);
  };
  useReading(top, (reading) => {
    if (reading && by === null) set('scroll');
    if (!reading && by === 'scroll') set(null);
  });
  useShortcut('p', () => (by === null ? set('hand') : goOn()));
  return { hold: () => set('hand'), goOn };
}
