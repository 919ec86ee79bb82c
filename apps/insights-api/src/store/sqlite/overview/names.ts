import type { DatabaseSync } from 'node:sqlite';
import { OPERATIONS_KEPT } from '../../../limits.ts';
import { RESOLUTIONS, type Resolution } from '../../../rollup/resolutions.ts';
import type { NameStep } from '../../overview/fold-names.ts';
import type { Row } from '../../overview/tables.ts';
import { ROLLUP_TABLES } from '../rollup-tables.ts';

function prepare(db: DatabaseSync, resolution: Resolution) {
  const within = `FROM ${ROLLUP_TABLES[resolution].sums} WHERE app_id = ? AND kind = ? AND minute = ?`;
  return {
    count: db.prepare(`SELECT count(*) AS rows FROM (SELECT 1 ${within} LIMIT ${OPERATIONS_KEPT[resolution] + 1})`),
    names: db.prepare(`SELECT name ${within}`),
  };
}

/** Makes the function that tells what names there are, inside the caller's transaction. */
export function makeNameSteps(db: DatabaseSync): (step: NameStep) => readonly Row[] {
  const statements = new Map(RESOLUTIONS.map((resolution) => [resolution, prepare(db, resolution)]));
  return (step) => {
    const found = statements.get(step.resolution);
    if (found === undefined) throw new Error('no such resolution');
    if (step.do === 'names') {
      const { appId, kind, minute } = step.group;
      return found.names.all(appId, kind, minute) as Row[];
    }
    return step.groups.map(({ appId, kind, minute }) => ({
      app_id: appId,
      kind,
      minute,
      rows: Number(found.count.get(appId, kind, minute)?.rows),
    }));
  };
}
