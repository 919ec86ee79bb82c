import type { Role } from '@scorpiox/shared/contract';

/** The parts of the page; viewers have the first and the last. */
const TABS = [
  { id: 'apps', name: 'Applications', admin: false },
  { id: 'keys', name: 'Keys and set-up', admin: true },
  { id: 'tokens', name: 'API tokens', admin: true },
  { id: 'users', name: 'Users', admin: true },
  { id: 'password', name: 'Your password', admin: false },
] as const;

export type TabId = (typeof TABS)[number]['id'];

export interface SettingsSearch {
  readonly tab?: TabId | undefined;
  /** The order of the section's list. */
  readonly sort?: string | undefined;
  /** The application whose set-up is shown. */
  readonly app?: string | undefined;
  /** What it sends with. */
  readonly sdk?: string | undefined;
}

/** Reads the address; nonsense in it is the first part. */
export function parseSettings({ tab, app, sdk, sort }: Record<string, unknown>): SettingsSearch {
  const found = TABS.find(({ id }) => id === tab)?.id;
  return {
    ...(found === undefined || found === 'apps' ? {} : { tab: found }),
    ...(typeof app === 'string' && app !== '' ? { app } : {}),
    ...(typeof sdk === 'string' && sdk !== '' ? { sdk } : {}),
    ...(typeof sort === 'string' && sort !== '' ? { sort } : {}),
  };
}

/** What somebody of this role may open. */
export const tabsFor = (role: Role | undefined) => TABS.filter(({ admin }) => role === 'admin' || !admin);
