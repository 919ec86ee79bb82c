import type { FreshGroups, Question } from '../../questions/overview.ts';
import type { Reading } from './steps.ts';

const MS_US = 1000;

/** By application; those without any are absent. */
export function* readFreshGroups({ from, to, storedFrom }: Question<'freshGroups'>): Reading<readonly FreshGroups[]> {
  const rows = yield { do: 'new-groups', from: from * MS_US, to: to * MS_US, storedFrom };
  return rows.map((row) => ({ appId: Number(row.app_id), groups: Number(row.rows) }));
}
