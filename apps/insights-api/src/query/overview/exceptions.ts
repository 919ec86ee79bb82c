import type { ExceptionGroup, ExceptionsResponse } from '@scorpiox/shared/contract';
import { NAMED_DAYS, SPARKLINE_STEPS } from '../../limits.ts';
import { OTHER } from '../../rollup/overview/ids.ts';
import type { ExceptionFigures, ExceptionSorts, Paged } from '../../store/questions/overview.ts';
import type { AppQuestion, Asking } from './asking.ts';
import { toCursor } from './cursor.ts';
import { answerNamed, cutIntoSteps, describeSpan, toIso } from './span.ts';

const MINUTE_MS = 60_000;

/** `GET /api/apps/:app/exceptions`. */
export async function queryExceptions(
  { ask, now }: Asking,
  { app, range }: AppQuestion,
  list: Paged<ExceptionSorts>,
): Promise<ExceptionsResponse> {
  const answered = answerNamed(range, now(), { namedDays: NAMED_DAYS.exceptions, retentionDays: app.retentionDays });
  const { from, to } = answered;
  const { span: steps, stepMinutes } = cutIntoSteps(answered, SPARKLINE_STEPS);
  const page = await ask('exceptions', { appId: app.id, span: { from, to }, steps, stepMinutes, ...list });
  const isNew = ({ firstSeen }: ExceptionFigures) => firstSeen >= from * MINUTE_MS && firstSeen < to * MINUTE_MS;
  return {
    ...describeSpan(answered, now()),
    start: toIso(steps.from),
    stepSeconds: stepMinutes * 60,
    total: { groups: page.groups, newGroups: page.newGroups, count: page.count },
    groups: page.rows.map((row) => toGroup(row, isNew(row))),
    nextCursor: page.next === undefined ? null : toCursor(page.next),
  };
}

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

function toGroup({ steps, newest, firstSeen, lastSeen, ...row }: ExceptionFigures, isNew: boolean): ExceptionGroup {
  return {
    ...row,
    users: { ...row.users },
    isOther: row.type === OTHER,
    firstSeen: iso(firstSeen),
    lastSeen: iso(lastSeen),
    isNew,
    sparkline: [...steps],
    newest: newest === undefined ? null : toNewest(newest),
  };
}

function toNewest({ time, properties, ...event }: NonNullable<ExceptionFigures['newest']>): ExceptionGroup['newest'] {
  const stack = properties['exception.stack'] ?? null;
  return { ...event, time: iso(time), stack, inner: properties['exception.inner'] ?? null };
}
