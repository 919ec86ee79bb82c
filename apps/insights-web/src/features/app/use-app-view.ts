import { getRouteApi } from '@tanstack/react-router';
import type { TimeRange } from '../../lib/time-range.ts';
import { useTimeRange } from '../../lib/use-time-range.ts';
import { type AppSearch, parseSearch } from './search.ts';

const route = getRouteApi('/shell/apps/$app');

interface AppView {
  /** The application's name. */
  readonly app: string;
  readonly range: TimeRange;
  readonly search: AppSearch;
  /** Changes what the address holds; `step` makes it something that Back undoes. */
  readonly change: (change: AppSearch, step?: boolean) => void;
}

/** Which application, and what the address says of the look at it. */
export function useAppView(): AppView {
  const { app } = route.useParams();
  const { range } = useTimeRange();
  const search = parseSearch({ ...route.useSearch() });
  const navigate = route.useNavigate();
  const change = (part: AppSearch, step = false): void => {
    void navigate({
      search: (current) => ({ ...parseSearch({ ...current }), ...part }),
      replace: !step,
      resetScroll: false,
    });
  };
  return { app, range, search, change };
}
