import type { EventRecord } from '@scorpiox/shared/contract';
import { isoMicros } from '../query/raw/event-record.ts';
import { LISTED_CHARACTERS, LISTED_MESSAGE } from '../query/raw/limits.ts';
import type { FreshEvent } from './recent.ts';

/** Fields that a record has as the event does. */
const SAME = [
  ...['id', 'operationId', 'parentId', 'traceId', 'spanId', 'success', 'code', 'severity', 'value', 'unit', 'user'],
  ...['session', 'instance', 'version'],
] as const;

/** An event as a list of stored ones would show it. */
export function toFreshRecord({ event, hash, receivedAt }: FreshEvent, app: string): EventRecord {
  const { timeMs, timeUs = 0, durationUs, message, properties, measurements } = event;
  const isLong = (map: object | undefined) => map !== undefined && JSON.stringify(map).length > LISTED_CHARACTERS;
  const isCut = (message?.length ?? 0) > LISTED_MESSAGE || isLong(properties) || isLong(measurements);
  const same = Object.entries(event).filter(([field]) => SAME.some((one) => one === field));
  return {
    app,
    time: isoMicros(timeMs * 1000 + timeUs),
    hash: Buffer.from(hash).toString('hex'),
    kind: event.kind,
    name: event.name,
    ...Object.fromEntries(same),
    ...(durationUs === undefined ? {} : { durationMs: durationUs / 1000 }),
    ...(message === undefined ? {} : { message: message.slice(0, LISTED_MESSAGE).toWellFormed() }),
    ...(properties === undefined || isLong(properties) ? {} : { properties }),
    ...(measurements === undefined || isLong(measurements) ? {} : { measurements }),
    count: event.weight,
    receivedAt: new Date(receivedAt).toISOString(),
    ...(isCut ? { cut: true } : {}),
  };
}
