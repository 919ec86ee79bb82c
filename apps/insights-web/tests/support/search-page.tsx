import { configure } from '@testing-library/react';
import { beforeEach, vi } from 'vitest';
import { browserPage } from './page.tsx';
import { SearchApi } from './search-api.ts';
// Loaded beforehand, so that no test waits for code.
import '../../src/features/explore/explore-page.tsx';
import '../../src/features/live/live-page.tsx';
import '../../src/features/trace/trace-page.tsx';

// Whether something is hidden is not asked of every element: that takes most of a test's time.
configure({ defaultHidden: true });

/** A fresh browser page whose API can search. */
export function searchPage() {
  const page = browserPage();
  const found = { page, search: new SearchApi(page.api) };
  beforeEach(() => {
    found.search = new SearchApi(page.api);
    vi.stubGlobal('fetch', found.search.fetch);
  });
  return found;
}
