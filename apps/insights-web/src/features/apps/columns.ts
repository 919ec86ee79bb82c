import type { Column } from './sort.ts';

/** The columns' names, as headers and in the choice of the order. */
export const COLUMN_NAMES: Record<Column, string> = {
  state: 'State',
  name: 'Application',
  requests: 'Requests',
  failures: 'Failures',
  p50: 'p50',
  p95: 'p95',
  p99: 'p99',
  lastSeen: 'Last seen',
  received: 'Received',
  duplicates: 'Duplicates',
};

/** What a column means, for those who wonder. */
export const COLUMN_HINTS: Partial<Record<Column, string>> = {
  failures: 'Failed requests and their share; sorted by the share',
  p50: 'Half of the requests took at most this long',
  p95: '95 of 100 requests took at most this long',
  p99: '99 of 100 requests took at most this long',
  received: 'Events of every kind since the application was added',
  duplicates: 'Events that had been received before and were dropped',
};
