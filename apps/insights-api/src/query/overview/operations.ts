import type { OperationRow, OperationsResponse } from '@scorpiox/shared/contract';
import type { EventKind } from '@scorpiox/shared/telemetry';
import { OTHER } from '../../rollup/overview/ids.ts';
import type { OperationFigures, OperationSorts, Paged } from '../../store/questions/overview.ts';
import { rateOf } from '../apps.ts';
import type { AppQuestion, Asking } from './asking.ts';
import { toCursor } from './cursor.ts';
import { answerSpan, describeSpan } from './span.ts';

export interface OperationList extends Paged<OperationSorts> {
  readonly kind: EventKind;
  readonly search: string;
}

/** `GET /api/apps/:app/operations` and its sisters. */
export async function queryOperations(
  { ask, now }: Asking,
  { app, range }: AppQuestion,
  list: OperationList,
): Promise<OperationsResponse> {
  const answered = answerSpan(range, now(), app.retentionDays);
  const { from, to } = answered;
  const page = await ask('operations', { appId: app.id, span: { from, to }, ...list });
  return {
    ...describeSpan(answered, now()),
    total: { names: page.names, count: page.count, failures: page.failures },
    operations: page.rows.map((row) => toRow(row, page.time)),
    nextCursor: page.next === undefined ? null : toCursor(page.next),
  };
}

function toRow({ time, type, target, ...row }: OperationFigures, all: number): OperationRow {
  return {
    ...row,
    isOther: row.name === OTHER,
    failureRate: rateOf(row.failures, row.count),
    share: rateOf(time, all),
    ...(type === undefined || target === undefined ? {} : { type, target }),
  };
}
