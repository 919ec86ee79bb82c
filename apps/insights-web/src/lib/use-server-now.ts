import { useNow } from './use-now.ts';

const CLOCK_MS = 1000;

/**
 * The API's clock, milliseconds since 1970: its last word (ISO 8601), and what has passed here since that came
 * (`updatedAt` by the browser's clock, which may be wrong by itself).
 */
export const useServerNow = (now: string, updatedAt: number): number =>
  Date.parse(now) + Math.max(0, useNow(CLOCK_MS) - updatedAt);
