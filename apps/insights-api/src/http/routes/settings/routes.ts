import type { Routes } from '../../instance.ts';
import { appSettingsRoutes } from './apps.ts';
import { keySettingsRoutes } from './keys.ts';
import { tokenSettingsRoutes } from './tokens.ts';
import { userSettingsRoutes } from './users.ts';

/** `/api/settings/…`: what an operator sets. Viewers see the applications; the rest is for admins. */
export const settingsRoutes: Routes = async (app, deps) => {
  for (const routes of [appSettingsRoutes, keySettingsRoutes, tokenSettingsRoutes, userSettingsRoutes]) {
    await routes(app, deps);
  }
};
