import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../lib/base-routes.ts';
import { parseSettings, type SettingsSearch } from './tabs.ts';

/** `/settings`: applications, keys, tokens, users. */
export const settingsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings',
  validateSearch: (query: Record<string, unknown>): SettingsSearch => parseSettings(query),
  component: lazyRouteComponent(() => import('./settings-page.tsx'), 'SettingsPage'),
});
