import type { TraceLog, TraceResponse, TraceSpan } from '@scorpiox/shared/contract';

const BEGIN = Date.parse('2026-03-21T22:00:00.000Z');

const timeOf = (ms: number): string => new Date(BEGIN + ms).toISOString().replace('Z', '000Z');

/** A hash of an event that is a test's own. */
const hashOf = (name: string): string => Buffer.from(name).toString('hex').padStart(32, '0').slice(-32);

/** A span: name, place of its parent, start and duration in milliseconds. */
export const span = (name: string, parent: number | null, startMs: number, durationMs: number): TraceSpan => ({
  app: 'shop',
  time: timeOf(startMs),
  hash: hashOf(name),
  kind: 'request',
  name,
  id: name,
  parentId: parent === null ? null : 'parent',
  parent,
  depth: parent === null ? 0 : 1,
  startMs,
  durationMs,
  success: true,
  code: '200',
  instance: null,
  selfMs: durationMs,
});

/** A log line: name, place of its span, when. */
export const log = (name: string, of: number | null, atMs: number): TraceLog => ({
  app: 'shop',
  time: timeOf(atMs),
  hash: hashOf(name),
  kind: 'trace',
  name,
  message: `${name} happened`,
  severity: 'information',
  span: of,
  atMs,
});

/** A trace of these spans and logs. */
export const traceOf = (more: Partial<TraceResponse>): TraceResponse => ({
  id: '4bf92f3577b34da6a3ce929d0e0e4736',
  from: timeOf(0),
  durationMs: 100,
  apps: ['shop'],
  spans: [],
  logs: [],
  criticalPath: [],
  gaps: [],
  cut: false,
  notes: [],
  ...more,
});
