import { err, ok } from '@scorpiox/shared/result';
import { parseNativeEvent } from '@scorpiox/shared/telemetry';
import type { FormatItem } from './item.ts';
import type { RawItem } from './split.ts';

/** Step "parse" for `/api/ingest`: each item is one event. */
export function parseNativeItem(item: RawItem, index: number): FormatItem {
  if (!item.ok) return { index, events: err({ reason: 'malformed', message: 'This is not valid JSON.' }) };
  const parsed = parseNativeEvent(item.value);
  if (parsed.ok) return { index, events: ok([parsed.value]) };
  return { index, events: err({ reason: parsed.error.code, message: parsed.error.message }) };
}
