import { type RefObject, useEffect, useEffectEvent } from 'react';

/** Tells when the top of the list leaves the screen, and when it is back: who reads further down does not want it to move. */
export function useReading(top: RefObject<HTMLElement | null>, onChange: (reading: boolean) => void): void {
  const tell = useEffectEvent(onChange);
  useEffect(() => {
    const look = (): void => tell((top.current?.getBoundingClientRect().top ?? 0) < 0);
    document.addEventListener('scroll', look, { passive: true });
    return () => document.removeEventListener('scroll', look);
  }, [top]);
}
