import { act, cleanup, configure, render } from '@testing-library/react';
import { afterEach, beforeEach, vi } from 'vitest';
import { createDashboard, type Dashboard } from '../../src/app/dashboard.ts';
import { Providers } from '../../src/app/providers.tsx';
import { FakeApi } from './fake-api.ts';
// Loaded beforehand, so that no test waits for code.
import '../../src/features/app/app-page.tsx';
import '../../src/features/apps/apps-page.tsx';
import '../../src/features/map/map-page.tsx';
import '../../src/features/sign-in/sign-in-page.tsx';

// A busy machine takes its time; what never comes is missed all the same.
configure({ asyncUtilTimeout: 20_000 });

interface Page {
  api: FakeApi;
  /** Opens the dashboard at an address. */
  open(address: string): void;
  /** Path, query and fragment in the address bar. */
  address(): string;
}

/** A fresh browser page and API for each test of the file; the screen is wide unless a test says otherwise. */
export function browserPage(): Page {
  let dashboard: Dashboard | undefined;
  const page: Page = {
    api: new FakeApi(),
    open: (address) => {
      window.history.replaceState(null, '', address);
      dashboard = createDashboard();
      render(<Providers {...dashboard} />);
    },
    address: () => window.location.pathname + window.location.search + window.location.hash,
  };
  beforeEach(() => {
    page.api = new FakeApi();
    vi.stubGlobal('fetch', page.api.fetch);
    setWide(true);
  });
  afterEach(async () => {
    vi.useRealTimers();
    if (dashboard !== undefined) await comeToRest(dashboard);
    cleanup();
    dashboard?.queryClient.clear();
    dashboard?.router.history.destroy();
    dashboard = undefined;
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });
  return page;
}

/**
 * Waits for a page that is on its way: it would be drawn after the test, or after the last one of a file where there is no
 * window any more. Not for one whose test lets it never come.
 */
async function comeToRest({ router }: Dashboard): Promise<void> {
  const isAtRest = (): boolean => router.state.status === 'idle' && !router.state.isLoading;
  await act(() => vi.waitUntil(isAtRest, { timeout: 1_000, interval: 5 }).catch(() => {}));
}

/** Whether the screen holds the whole table. */
export function setWide(wide: boolean): void {
  vi.stubGlobal('matchMedia', () => ({ matches: wide, addEventListener: () => {}, removeEventListener: () => {} }));
}
