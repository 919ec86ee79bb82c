import type { LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { AppsIcon, BellIcon, ExploreIcon, LiveIcon, MapIcon, PulseIcon, SlidersIcon } from '../components/ui/icons.tsx';

/** A page that the navigation leads to. */
export interface PageEntry {
  readonly to: NonNullable<LinkProps['to']>;
  readonly name: string;
  /** `g` and this letter go there. */
  readonly key: string;
  readonly icon: ReactNode;
}

/** What the navigation, the palette and the keyboard lead to: a line per page, in this order. */
export const PAGES: readonly PageEntry[] = [
  { to: '/apps', name: 'Apps', key: 'a', icon: <AppsIcon /> },
  { to: '/map', name: 'Map', key: 'm', icon: <MapIcon /> },
  { to: '/explore', name: 'Explore', key: 'e', icon: <ExploreIcon /> },
  { to: '/live', name: 'Live', key: 'l', icon: <LiveIcon /> },
  { to: '/alerts', name: 'Alerts', key: 'w', icon: <BellIcon /> },
  { to: '/health', name: 'Health', key: 'h', icon: <PulseIcon /> },
  { to: '/settings', name: 'Settings', key: 's', icon: <SlidersIcon /> },
];
