import type { EventDraft, Severity } from '@scorpiox/shared/telemetry';
import { Attributes, textOf } from './attributes.ts';
import { isException, takeException } from './exception.ts';
import { spanIdOf, traceIdOf } from './identifiers.ts';
import type { LogRecord } from './messages.ts';
import type { Source } from './source.ts';

/** Severity numbers count from 1 in fours: TRACE, DEBUG, INFO, WARN, ERROR, FATAL. */
const SEVERITY: readonly Severity[] = ['verbose', 'verbose', 'information', 'warning', 'error', 'critical'];
const NAMES = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

/** A log record (opentelemetry/proto/logs/v1/logs.proto): an exception where its attributes tell of one, else a trace. */
export function readLogRecord(record: LogRecord, source: Source): EventDraft {
  const attributes = new Attributes(record.attributes);
  const thrown = isException(attributes) ? takeException(attributes) : undefined;
  const body = record.body === undefined ? undefined : textOf(record.body);
  const common = {
    time: record.timeUnixNano || record.observedTimeUnixNano || 0n,
    id: attributes.take('log.record.uid'),
    // Never as trace id and span id: those two name a span, and would name all records of one span alike.
    operationId: traceIdOf(record.traceId),
    parentId: spanIdOf(record.spanId),
    user: attributes.take('enduser.id', 'user.id'),
    session: attributes.take('session.id'),
    severity: severityOf(record),
  };
  const { properties, measurements } = attributes.split();
  const more = { ...properties, ...severityName(record) };
  if (thrown !== undefined) {
    const said = body !== undefined && body !== thrown.message ? { 'log.body': body } : {};
    return {
      kind: 'exception',
      ...common,
      ...thrown,
      measurements,
      properties: { ...more, ...said, ...thrown.properties },
    };
  }
  const name = record.eventName || attributes.peek('event.name') || source.scopeName || 'trace';
  return { kind: 'trace', ...common, name, message: body, measurements, properties: more };
}

const range = (number: number | undefined): number => Math.floor(((number ?? 0) - 1) / 4);

function severityOf({ severityNumber, severityText = '' }: LogRecord): Severity | undefined {
  return SEVERITY[range(severityNumber)] ?? SEVERITY[NAMES.indexOf(severityText.toUpperCase())];
}

/** The sender's own word for the severity, where it is another one. */
function severityName({ severityNumber, severityText = '' }: LogRecord): Record<string, string> {
  const usual = NAMES[range(severityNumber)] ?? severityText.toUpperCase();
  return severityText === '' || severityText.toUpperCase() === usual ? {} : { 'otel.severity_text': severityText };
}
