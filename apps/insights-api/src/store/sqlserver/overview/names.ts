import { number, type Run, text } from '@scorpiox/shared/database/sqlserver';
import type { Resolution } from '../../../rollup/resolutions.ts';
import type { NameStep } from '../../overview/fold-names.ts';
import type { Row } from '../../overview/tables.ts';

const TABLES: { readonly [R in Resolution]: string } = {
  1: 'scorpiox_rollup',
  60: 'scorpiox_rollup_hour',
  1440: 'scorpiox_rollup_day',
};

const texts = (table: string) => ({
  count: `
SELECT j.app_id, j.kind, j.[minute], COUNT(*) AS [rows]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [kind] varchar(16) '$.kind',
    [minute] int '$.minute'
) AS j JOIN dbo.${table} AS t ON t.app_id = j.app_id AND t.kind = j.kind AND t.[minute] = j.[minute]
GROUP BY j.app_id, j.kind, j.[minute];`,
  names: `SELECT t.[name] FROM dbo.${table} AS t WHERE t.app_id = @app_id AND t.kind = @kind AND t.[minute] = @minute;`,
});

export const NAME_TEXTS = { 1: texts(TABLES[1]), 60: texts(TABLES[60]), 1440: texts(TABLES[1440]) };

/** Tells what names there are, inside a transaction that has the lock `scorpiox_write`. */
export async function runNameStep(run: Run, step: NameStep): Promise<readonly Row[]> {
  const { count, names } = NAME_TEXTS[step.resolution];
  if (step.do === 'names') {
    const { appId, kind, minute } = step.group;
    const parameters = { app_id: ['int', appId], kind: ['varchar(64)', kind], minute: ['int', minute] } as const;
    const [rows = []] = await run({ text: names, parameters });
    return rows.map((row) => ({ name: text(row, 'name') }));
  }
  const groups = step.groups.map(({ appId, kind, minute }) => ({ app_id: appId, kind, minute }));
  const [rows = []] = await run({ text: count, parameters: { rows: ['nvarchar(max)', JSON.stringify(groups)] } });
  return rows.map((row) => ({
    app_id: number(row, 'app_id'),
    kind: text(row, 'kind'),
    minute: number(row, 'minute'),
    rows: number(row, 'rows'),
  }));
}
