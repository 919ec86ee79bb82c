import { err, ok } from '@scorpiox/shared/result';
import { parseNativeEvent } from '@scorpiox/shared/telemetry';
import { lineFormat } from './format.ts';
import type { FormatItem } from './item.ts';
import type { RawItem } from './split.ts';

/** The format of `/api/ingest`. */
export const nativeFormat = lineFormat(parseNativeItem);

/** Step "parse" for `/api/ingest`: each item is one event. */
function parseNativeItem(item: RawItem, index: number): FormatItem {
  if (!item.ok) return { index, events: err({ reason: 'malformed', message: 'This is not valid JSON.' }) };
  const parsed = parseNativeEvent(item.value);
  if (parsed.ok) return { index, events: ok([parsed.value]) };
  return { index, events: err({ reason: parsed.error.code, message: parsed.error.message }) };
}
