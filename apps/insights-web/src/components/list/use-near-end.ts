import { useEffect, useEffectEvent } from 'react';

/** Rows before the end at which more is wanted: about a screen. */
const AHEAD = 40;

/** Says that the rows in the document come near the end of those that are here; again whenever either changes. */
export function useNearEnd(end: number, count: number, onNearEnd: (() => void) | undefined): void {
  const isNear = end > count - AHEAD;
  const tell = useEffectEvent(() => onNearEnd?.());
  // biome-ignore lint/correctness/useExhaustiveDependencies: more rows are a reason to look again
  useEffect(() => {
    if (isNear) tell();
  }, [isNear, end, count]);
}
