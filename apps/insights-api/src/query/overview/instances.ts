import type { InstancesResponse } from '@scorpiox/shared/contract';
import { NAMED_DAYS } from '../../limits.ts';
import { OTHER } from '../../rollup/overview/ids.ts';
import type { InstanceFigures } from '../../store/questions/overview.ts';
import { rateOf } from '../apps.ts';
import type { AppQuestion, Asking } from './asking.ts';
import { answerNamed, describeSpan } from './span.ts';
import { marksIn } from './timeline.ts';

/** `GET /api/apps/:app/instances`. */
export async function queryInstances({ ask, now }: Asking, { app, range }: AppQuestion): Promise<InstancesResponse> {
  const answered = answerNamed(range, now(), { namedDays: NAMED_DAYS.instances, retentionDays: app.retentionDays });
  const { from, to } = answered;
  const [instances, versions] = await Promise.all([
    ask('instances', { appId: app.id, span: { from, to } }),
    ask('versions', { appId: app.id }),
  ]);
  return {
    ...describeSpan(answered, now()),
    instances: instances.toSorted((a, b) => b.lastSeen - a.lastSeen).map(toInstance),
    versions: [...Map.groupBy(instances, ({ version }) => version).values()]
      .map(together)
      .sort((a, b) => b.sum.firstSeen - a.sum.firstSeen)
      .map(({ sum, instances: count }) => ({ version: said(sum.version), instances: count, ...counted(sum) })),
    marks: marksIn(versions, answered),
  };
}

const said = (text: string): string | null => (text === '' ? null : text);
const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

const counted = ({ firstSeen, lastSeen, events, requests, failures }: InstanceFigures) => ({
  firstSeen: iso(firstSeen),
  lastSeen: iso(lastSeen),
  events,
  requests,
  failures,
  failureRate: rateOf(failures, requests),
});

const toInstance = (row: InstanceFigures) => ({
  instance: said(row.instance),
  version: said(row.version),
  isOther: row.instance === OTHER,
  ...counted(row),
});

/** The instances of one version as one. */
function together(rows: readonly InstanceFigures[]): { readonly sum: InstanceFigures; readonly instances: number } {
  const sum = { instance: '', version: rows[0]?.version ?? '', ...NOTHING };
  for (const row of rows) {
    sum.firstSeen = Math.min(sum.firstSeen, row.firstSeen);
    sum.lastSeen = Math.max(sum.lastSeen, row.lastSeen);
    sum.events += row.events;
    sum.requests += row.requests;
    sum.failures += row.failures;
  }
  return { sum, instances: rows.length };
}

const NOTHING = { firstSeen: Number.POSITIVE_INFINITY, lastSeen: 0, events: 0, requests: 0, failures: 0 };
