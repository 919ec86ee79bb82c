import type { InstancesResponse } from '@scorpiox/shared/contract';
import { useQuery } from '@tanstack/react-query';
import { flag, list, moment, nullable, number, record, text } from '../decode.ts';
import type { TimeRange } from '../time-range.ts';
import { appQuery } from './app-query.ts';
import { decodeMarks } from './get-overview.ts';
import { spanFields } from './span.ts';

export type Instance = InstancesResponse['instances'][number];
export type Version = InstancesResponse['versions'][number];

const counted = {
  firstSeen: moment,
  lastSeen: moment,
  events: number,
  requests: number,
  failures: number,
  failureRate: nullable(number),
};

const decodeInstances = record<InstancesResponse>({
  ...spanFields,
  instances: list(record<Instance>({ instance: nullable(text), version: nullable(text), isOther: flag, ...counted })),
  versions: list(record<Version>({ version: nullable(text), instances: number, ...counted })),
  marks: decodeMarks,
});

/** Which instances and versions of an application sent something. */
export const useInstances = (app: string, range: TimeRange) =>
  useQuery(appQuery(app, 'instances', range, decodeInstances));
