import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { parseRange, printRange, type TimeRange } from './time-range.ts';

const route = getRouteApi('/shell');

/** The time range that the address holds, and how to change it: a step that Back undoes. */
export function useTimeRange(): { range: TimeRange; setRange: (range: TimeRange) => void } {
  const search = route.useSearch();
  const navigate = useNavigate();
  const range = useMemo(() => parseRange({ ...search }), [search]);
  const setRange = (next: TimeRange): void => {
    void navigate({ to: '.', search: (current) => ({ ...current, ...printRange(next) }), resetScroll: false });
  };
  return { range, setRange };
}
