import { hash } from 'node:crypto';
import type { ParsedEvent } from '@scorpiox/shared/telemetry';
import { DIMENSION_CHARACTERS } from '../../limits.ts';

/*
 * What metrics are told apart by. A metric is a name and a unit. Its sums are kept by series: what kind of numbers they
 * are, and the values of its dimensions, among them the instance. Cumulative points are told apart more finely, by stream:
 * by everything that says where they come from, for two processes that count alike count apart.
 *
 * Each is named by the first 16 bytes of a SHA-256, in hexadecimal digits.
 */

/** What a series' numbers mean (docs/sending.md). */
export type SeriesKind = 'gauge' | 'sum' | 'histogram';

/** The instance as a dimension, unless an attribute bears the same name. */
const INSTANCE = 'instance';

/** The dimension of what is summed up without its dimensions, as OpenTelemetry's SDKs name it. */
export const OVERFLOW_DIMENSIONS: Readonly<Record<string, string>> = { 'otel.metric.overflow': 'true' };

const name16 = (parts: readonly string[]): string => {
  let framed = '';
  for (const part of parts) framed += `${part.length}:${part}`;
  return hash('sha256', framed, 'hex').slice(0, 32);
};

export const metricHash = (name: string, unit: string): string => name16([name, unit]);

/** `dimensions`: as `dimensionsOf` gives them. */
export const seriesHash = (kind: SeriesKind, dimensions: string): string => name16([kind, dimensions]);

/** What a cumulative point's memory is kept under. Texts that were cut still count whole (`distinct`). */
export function streamHash(event: ParsedEvent): string {
  const { name, unit = '', instance = '', version = '', properties = {}, distinct = '' } = event;
  const attributes = Object.keys(properties).flatMap((key) => [key, properties[key] ?? '']);
  return name16([name, unit, instance, version, distinct, ...attributes]);
}

/** A metric event's dimensions as canonical JSON; undefined where they are too long to be listed. */
export function dimensionsOf({ properties = {}, instance, metric }: ParsedEvent): string | undefined {
  const keys = metric === undefined ? Object.keys(properties) : metric.dimensions;
  const entries = keys.flatMap((key) => {
    const value = properties[key];
    return value === undefined ? [] : [[key, value] as const];
  });
  const all = instance === undefined ? entries : [[INSTANCE, instance] as const, ...entries];
  const sorted = [...new Map(all)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify(Object.fromEntries(sorted));
  return text.length > DIMENSION_CHARACTERS ? undefined : text;
}
