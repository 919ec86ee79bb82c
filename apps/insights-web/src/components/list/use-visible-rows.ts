import { type RefObject, useLayoutEffect, useState } from 'react';
import { type VisibleRows, visibleRows } from '../../lib/visible-rows.ts';

/** Rows beyond either edge of the window: about what one turn of a wheel moves, and what `j` steps to. */
const MARGIN = 12;

/**
 * Which of `count` rows of one height have to be in the document. `list` is the element that holds all of them; it may
 * scroll with the page or within anything on it.
 */
export function useVisibleRows(list: RefObject<HTMLElement | null>, count: number, rowHeight: number): VisibleRows {
  const [offset, setOffset] = useState(0);
  useLayoutEffect(() => {
    const measure = (): void => {
      const top = list.current?.getBoundingClientRect().top ?? 0;
      // By whole rows, so that most scroll events change nothing.
      setOffset(Math.floor(-top / rowHeight) * rowHeight);
    };
    measure();
    const options = { capture: true, passive: true };
    document.addEventListener('scroll', measure, options);
    window.addEventListener('resize', measure);
    return () => {
      document.removeEventListener('scroll', measure, options);
      window.removeEventListener('resize', measure);
    };
  }, [list, rowHeight]);
  return visibleRows({ count, rowHeight, offset, height: window.innerHeight + rowHeight, margin: MARGIN });
}
