import type { EventRecord, PartialSearch } from '@scorpiox/shared/contract';
import {
  type Decoder,
  dictionary,
  flag,
  list,
  moment,
  nullable,
  number,
  oneOf,
  record,
  recordWith,
  text,
} from '../decode.ts';
import { EVENT_KINDS, SEVERITIES } from '../event-words.ts';

export const decodeEvent: Decoder<EventRecord> = recordWith<EventRecord>(
  { app: text, time: moment, hash: text, kind: oneOf(EVENT_KINDS), name: text, count: number, receivedAt: moment },
  {
    id: text,
    operationId: text,
    parentId: text,
    traceId: text,
    spanId: text,
    durationMs: number,
    success: flag,
    code: text,
    message: text,
    severity: oneOf(SEVERITIES),
    value: number,
    unit: text,
    user: text,
    session: text,
    instance: text,
    version: text,
    properties: dictionary(text),
    measurements: dictionary(number),
    cut: (value) => (value === true ? value : undefined),
  },
);

/** What every search answers beside its result. */
export const searchedFields = {
  from: moment,
  to: moment,
  now: moment,
  scanned: number,
  partial: nullable(record<PartialSearch>({ reason: oneOf(['time', 'rows']), reached: moment })),
  notes: list(text),
};
