import type { HttpDeps } from '../../src/http/deps.ts';

/** For an API that nobody asks how it does. */
export const NO_PLATFORM: HttpDeps['platform'] = { state: () => Promise.reject(new Error('nobody asks here')) };
