import { packHistogram } from '@scorpiox/shared/database';
import type { ParsedEvent } from '@scorpiox/shared/telemetry';
import type { RollupAccumulator, RollupRow } from '../../rollup/accumulate.ts';
import { type CallEnds, type Callee, type Caller, callEndOf } from '../../rollup/overview/call-ends.ts';
import { idOf } from '../../rollup/overview/ids.ts';
import { placeOf } from '../../rollup/overview/place.ts';
import { packUsers } from '../../rollup/overview/users.ts';
import { spokeAt } from '../count-submission.ts';
import type { IdentifiedEvent, Submission } from '../port.ts';
import type { Row, Value } from './tables.ts';

const MINUTE_MS = 60_000;

/** What a batch adds to the tables of tables.ts: rows by minute, a key now and then twice. */
export interface OverviewChanges {
  readonly totals: readonly Row[];
  readonly hours: readonly Row[];
  readonly groups: readonly Row[];
  readonly exceptions: readonly Row[];
  readonly instances: readonly Row[];
  readonly instanceSums: readonly Row[];
  readonly targets: readonly Row[];
  readonly activity: readonly Row[];
  readonly ends: CallEnds;
}

interface InstanceSum {
  readonly appId: number;
  readonly minute: number;
  readonly instance: string | undefined;
  readonly version: string | undefined;
  events: number;
  requests: number;
  failures: number;
  first: number;
  last: number;
}

interface ExceptionSum {
  readonly appId: number;
  readonly minute: number;
  readonly type: string;
  readonly place: string;
  count: number;
  readonly users: Set<string>;
  first: number;
  last: number;
  newest: Uint8Array;
}

/** Sums up what went in of a batch until it is written; the operations' own rollups are made beside it. */
export class OverviewSums {
  readonly #instances = new Map<string, InstanceSum>();
  readonly #exceptions = new Map<string, ExceptionSum>();
  readonly #targets = new Map<string, Row>();
  readonly #activity: Row[] = [];
  readonly #callers: Caller[] = [];
  readonly #callees: Callee[] = [];
  #last: InstanceSum | undefined;

  /** `stored`: the places of the events that went in. */
  add(submission: Submission, stored: readonly number[]): void {
    const { appId, events, dropped } = submission;
    if (events.length > 0 || Object.keys(dropped).length > 0) {
      this.#activity.push(activityRow(appId, Math.floor(spokeAt(submission) / MINUTE_MS)));
    }
    for (const index of stored) {
      const item = events[index];
      if (item !== undefined) this.#add(appId, item);
    }
  }

  /** `rollups`: the operations of the same events; `now`: when it is written, milliseconds since 1970. */
  changes(rollups: RollupAccumulator, now: number): OverviewChanges {
    const instances = [...this.#instances.values()];
    const exceptions = [...this.#exceptions.values()];
    const totals = totalsOf(rollups.rows());
    return {
      totals,
      hours: totals.flatMap(hourRow),
      groups: exceptions.map((sum) => groupRow(sum, now)),
      exceptions: exceptions.map(exceptionRow),
      instances: instances.map(instanceRow),
      instanceSums: instances.map(instanceSumRow),
      targets: [...this.#targets.values()],
      activity: [...this.#activity, ...totals.map(activityOf)],
      ends: { callers: this.#callers, callees: this.#callees },
    };
  }

  #add(appId: number, item: IdentifiedEvent): void {
    const { event } = item;
    this.#addInstance(appId, event);
    if (event.kind === 'exception') this.#addException(appId, item);
    if (event.kind === 'dependency') this.#addTarget(appId, event);
    const { caller, callee } = callEndOf(appId, event);
    if (caller !== undefined) this.#callers.push(caller);
    if (callee !== undefined) this.#callees.push(callee);
  }

  #addInstance(appId: number, event: ParsedEvent): void {
    const sum = this.#instanceSum(appId, Math.floor(event.timeMs / MINUTE_MS), event);
    const time = timeOf(event);
    sum.events += event.weight;
    sum.first = Math.min(sum.first, time);
    sum.last = Math.max(sum.last, time);
    if (event.kind !== 'request') return;
    sum.requests += event.weight;
    if (event.success === false) sum.failures += event.weight;
  }

  /** Events of one batch mostly come from one instance, one after the other. */
  #instanceSum(appId: number, minute: number, { instance, version }: ParsedEvent): InstanceSum {
    const last = this.#last;
    const isLast = last?.minute === minute && last.instance === instance && last.version === version;
    if (last !== undefined && isLast && last.appId === appId) return last;
    const key = `${appId} ${minute} ${instance?.length ?? 0} ${instance ?? ''}${version ?? ''}`;
    let sum = this.#instances.get(key);
    if (sum === undefined) {
      const empty = { events: 0, requests: 0, failures: 0, first: Number.POSITIVE_INFINITY, last: 0 };
      sum = { appId, minute, instance, version, ...empty };
      this.#instances.set(key, sum);
    }
    this.#last = sum;
    return sum;
  }

  #addException(appId: number, { event, hash }: IdentifiedEvent): void {
    const minute = Math.floor(event.timeMs / MINUTE_MS);
    const place = placeOf(event);
    const time = timeOf(event);
    const key = `${appId} ${minute} ${event.name.length} ${event.name}${place}`;
    let sum = this.#exceptions.get(key);
    if (sum === undefined) {
      const empty = { count: 0, users: new Set<string>(), first: time, last: time, newest: hash };
      sum = { appId, minute, type: event.name, place, ...empty };
      this.#exceptions.set(key, sum);
    }
    sum.count += event.weight;
    if (event.user !== undefined) sum.users.add(event.user);
    sum.first = Math.min(sum.first, time);
    if (time < sum.last) return;
    sum.last = time;
    sum.newest = hash;
  }

  #addTarget(appId: number, { name, properties, timeMs }: ParsedEvent): void {
    const type = properties?.['dependency.type'] ?? properties?.type ?? '';
    const target = properties?.['dependency.target'] ?? properties?.target ?? '';
    if (type === '' && target === '') return;
    const minute = Math.floor(timeMs / MINUTE_MS);
    const key = `${appId} ${name}`;
    // Once a minute is enough: what it says of a name seldom changes.
    if (Number(this.#targets.get(key)?.last_seen ?? -1) >= minute) return;
    const row = {
      app_id: appId,
      id: idOf(name),
      name,
      type: cut(type),
      target: cut(target),
      last_seen: minute,
    };
    this.#targets.set(key, row);
  }
}

/** Of a dependency's type and target what a list can show. */
const cut = (text: string): string => text.slice(0, 256).toWellFormed();

/** Whole microseconds since 1970, as an event's time is stored. */
const timeOf = (event: ParsedEvent): number => event.timeMs * 1000 + (event.timeUs ?? 0);

/** It spoke when something of it happened, also where that is received long after, as a past is. */
const activityOf = ({ app_id: appId, minute }: Row): Row => activityRow(Number(appId), Number(minute));

function activityRow(appId: number, minute: number): Row {
  const inHour = minute % 60;
  return {
    app_id: appId,
    minute: minute - inHour,
    early: inHour < 30 ? 1 << inHour : 0,
    late: inHour < 30 ? 0 : 1 << (inHour - 30),
  };
}

/** All operations of a kind and minute together. */
function totalsOf(rows: Iterable<RollupRow>): readonly Row[] {
  const totals = new Map<string, RollupRow>();
  for (const row of rows) {
    const { appId, kind, minute } = row;
    const key = `${appId} ${kind} ${minute}`;
    const total = totals.get(key);
    if (total !== undefined) addTo(total, row);
    else totals.set(key, { ...row, buckets: new Map(row.buckets), failedBuckets: new Map(row.failedBuckets) });
  }
  return [...totals.values()].map((total) => ({
    app_id: total.appId,
    kind: total.kind,
    minute: total.minute,
    ...timedColumns(total),
    failed_latency: packed(total.failedBuckets),
  }));
}

function addTo(total: RollupRow, row: RollupRow): void {
  for (const name of ['count', 'failures', 'timed', 'sumUs'] as const) total[name] += row[name];
  if (row.minUs !== undefined) total.minUs = Math.min(total.minUs ?? row.minUs, row.minUs);
  if (row.maxUs !== undefined) total.maxUs = Math.max(total.maxUs ?? row.maxUs, row.maxUs);
  for (const kind of ['buckets', 'failedBuckets'] as const) {
    for (const [bucket, count] of row[kind]) total[kind].set(bucket, (total[kind].get(bucket) ?? 0) + count);
  }
}

const packed = (buckets: ReadonlyMap<number, number>): Uint8Array | null =>
  buckets.size === 0 ? null : packHistogram(buckets);

/** Of a minute's requests or exceptions: their place in the hour. */
function hourRow({ app_id: appId = null, kind, minute, count, failures }: Row): readonly Row[] {
  if (kind !== 'request' && kind !== 'exception') return [];
  const inHour = Number(minute) % 60;
  const at = (value: Value | undefined) => packHistogram(new Map(Number(value) > 0 ? [[inHour, Number(value)]] : []));
  const [requests, failed, exceptions] = kind === 'request' ? [count, failures, 0] : [0, 0, count];
  return [
    {
      app_id: appId,
      minute: Number(minute) - inHour,
      requests: at(requests),
      failures: at(failed),
      exceptions: at(exceptions),
    },
  ];
}

/** The columns of what has a count, failures and durations. */
export function timedColumns(sums: Omit<RollupRow, 'appId' | 'kind' | 'minute' | 'name' | 'failedBuckets'>): Row {
  return {
    count: sums.count,
    failures: sums.failures,
    timed: sums.timed,
    sum_us: sums.sumUs,
    min_us: sums.minUs ?? null,
    max_us: sums.maxUs ?? null,
    latency: packed(sums.buckets),
  };
}

const groupId = ({ type, place }: ExceptionSum): Uint8Array => idOf(JSON.stringify([type, place]));

const groupRow = (sum: ExceptionSum, now: number): Row => ({
  app_id: sum.appId,
  id: groupId(sum),
  type: sum.type,
  place: sum.place,
  first_seen: sum.first,
  last_seen: sum.last,
  newest_hash: sum.newest,
  first_stored: now,
});

const exceptionRow = (sum: ExceptionSum): Row => ({
  app_id: sum.appId,
  minute: sum.minute,
  id: groupId(sum),
  count: sum.count,
  users: packUsers(sum.users),
});

const instanceId = ({ instance = '', version = '' }: InstanceSum): Uint8Array =>
  idOf(JSON.stringify([instance, version]));

const instanceRow = (sum: InstanceSum): Row => ({
  app_id: sum.appId,
  id: instanceId(sum),
  instance: sum.instance ?? '',
  version: sum.version ?? '',
  first_seen: sum.first,
  last_seen: sum.last,
});

const instanceSumRow = (sum: InstanceSum): Row => ({
  app_id: sum.appId,
  minute: sum.minute,
  id: instanceId(sum),
  events: sum.events,
  requests: sum.requests,
  failures: sum.failures,
});
