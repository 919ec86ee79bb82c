// What 15 applications send in a day, as the writer gets it: requests that call each other, dependencies, logs, exceptions,
// page views, custom events. The same for every size; only how close together they lie differs.
import { randomBytes } from 'node:crypto';
import type { IdentifiedEvent } from '../../apps/insights-api/src/store/port.ts';
import type { EventKind, ParsedEvent } from '../../packages/shared/src/telemetry/index.ts';

export const APPS = Array.from({ length: 15 }, (_, index) => `bench-${String(index + 1).padStart(2, '0')}`);
const OPERATIONS = 20;

/** Numbers by chance, the same in every run (xorshift32). */
export function makeRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Of a hundred events, up to which number each kind goes. */
const KINDS: readonly (readonly [number, EventKind])[] = [
  [40, 'request'],
  [72, 'dependency'],
  [93, 'trace'],
  [95, 'exception'],
  [98, 'pageView'],
  [100, 'event'],
];

const NAMES: Readonly<Record<string, string>> = {
  exception: 'Error',
  trace: 'log',
  event: 'happened',
  pageView: '/page',
};

/** An event of one application at a moment, milliseconds since 1970. `number` is its place among all. */
export function makeEvent(random: () => number, app: number, timeMs: number, number: number): IdentifiedEvent {
  const roll = random() * 100;
  const kind = KINDS.find(([upTo]) => roll < upTo)?.[1] ?? 'request';
  const operation = Math.floor(random() ** 2 * OPERATIONS);
  const isTimed = kind === 'request' || kind === 'dependency' || kind === 'pageView';
  // Four applications' events of one moment are one operation: what one calls, the next serves.
  const operationId = `${Math.floor(number / 60)}`.padStart(32, '0');
  const durationUs = Math.round(Math.exp(random() * 5 + operation / 10) * 1000);
  const event: ParsedEvent = {
    kind,
    timeMs: Math.floor(timeMs),
    timeUs: 1 + Math.floor(random() * 998),
    name: `${NAMES[kind] ?? `${kind === 'request' ? 'GET' : 'call'} /operation`}/${operation}`,
    id: `${number}`,
    operationId,
    ...(kind === 'request' ? { parentId: `${number - 1}` } : {}),
    ...(isTimed
      ? { durationUs, durationMs: Math.round(durationUs / 1000), success: random() > 0.02, code: '200' }
      : {}),
    ...(kind === 'exception' ? { message: 'It went wrong.', properties: { 'exception.stack': STACK } } : {}),
    ...(kind === 'trace'
      ? { message: 'Something was done, and it took as long as it takes.', severity: 'information' }
      : {}),
    user: `user-${Math.floor(random() * 5000)}`,
    instance: `host-${app}-${number % 3}`,
    version: '1.0.0',
    weight: 1,
    adjustments: [],
  };
  return { event, hash: Uint8Array.from(randomBytes(16)) };
}

const STACK = 'Error: It went wrong.\n    at work (/app/src/work.js:10:5)\n    at main (/app/src/main.js:3:1)';
