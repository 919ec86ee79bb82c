import type { HttpDeps } from '../../src/http/deps.ts';

/** For an API that imports nothing. */
export const noImports: HttpDeps['imports'] = {
  running: undefined,
  states: () => [],
  start: () => Promise.reject(new Error('nothing is imported here')),
};
