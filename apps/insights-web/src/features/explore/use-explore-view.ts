import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { printRange, type TimeRange } from '../../lib/time-range.ts';
import { type ExploreView, parseView, printView } from './search.ts';

const route = getRouteApi('/shell/explore');

interface ViewChange {
  readonly view: ExploreView;
  /** Another query, or the first event that is opened, is a step that Back undoes; the rest is not. */
  readonly change: (change: Partial<ExploreView>, range?: TimeRange) => void;
}

/** The view that the address holds, and how to change it. */
export function useExploreView(): ViewChange {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const view = useMemo(() => parseView({ ...search }), [search]);
  const change = (part: Partial<ExploreView>, range?: TimeRange): void => {
    const isStep = part.q !== undefined || (part.event !== undefined && part.event !== null && view.event === null);
    void navigate({
      search: (current) => ({
        ...current,
        ...printView({ ...parseView({ ...current }), ...part }),
        ...(range === undefined ? {} : printRange(range)),
      }),
      replace: !isStep,
      resetScroll: false,
    });
  };
  return { view, change };
}
