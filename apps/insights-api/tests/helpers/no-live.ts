import type { HttpDeps } from '../../src/http/deps.ts';

/** Where nobody looks on. */
export const noLive: HttpDeps['live'] = {
  open() {
    throw new Error('nobody looks on here');
  },
};
