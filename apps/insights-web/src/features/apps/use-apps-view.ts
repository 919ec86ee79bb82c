import { getRouteApi } from '@tanstack/react-router';
import { type AppsView, parseView, printView } from './search.ts';

const route = getRouteApi('/shell/apps');

/** The view that the address holds, and how to change it; Back does not step through such changes. */
export function useAppsView(): { view: AppsView; change: (change: Partial<AppsView>) => void } {
  const view = parseView({ ...route.useSearch() });
  const navigate = route.useNavigate();
  const change = (part: Partial<AppsView>): void => {
    void navigate({
      search: (current) => printView({ ...parseView({ ...current }), ...part }),
      replace: true,
      resetScroll: false,
    });
  };
  return { view, change };
}
