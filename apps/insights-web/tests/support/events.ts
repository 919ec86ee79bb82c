import type { EventRecord } from '@scorpiox/shared/contract';

/** A hash of an event that is a test's own. */
const hashOf = (name: string): string => Buffer.from(name).toString('hex').padStart(32, '0').slice(-32);

/** An event of the shop, a request, with what the test wants to differ. */
export const event = (name: string, more: Partial<EventRecord> = {}): EventRecord => ({
  app: 'shop',
  time: '2026-03-21T22:30:00.108000Z',
  hash: hashOf(name),
  kind: 'request',
  name,
  count: 1,
  receivedAt: '2026-03-21T22:30:01.000000Z',
  ...more,
});
