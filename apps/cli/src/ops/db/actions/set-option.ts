/** Options of a SQL Server (sp_configure), set and set back. */
import type { Console, Statement } from '@scorpiox/shared/database/console';
import { err, ok } from '@scorpiox/shared/result';
import { Type } from 'typebox';
import type { World } from '../../plan/plan.ts';
import { list, number, text } from '../dialect/rows.ts';
import { defineDatabaseAction, ON_DATABASE } from './database-action.ts';

/** Those that are set by this tool: by name, since a name goes into a statement. */
const OPTIONS = ['max server memory (MB)', 'max degree of parallelism', 'cost threshold for parallelism'] as const;
export type Option = (typeof OPTIONS)[number];

const Setting = Type.Object({
  option: Type.Union([Type.Literal(OPTIONS[0]), Type.Literal(OPTIONS[1]), Type.Literal(OPTIONS[2])]),
  from: Type.Integer(),
  to: Type.Integer(),
});

const Settings = Type.Object({ ...ON_DATABASE, settings: Type.Array(Setting) });

/** What an option is set to, and what is in force: the same but between sp_configure and RECONFIGURE. */
export const READ_OPTIONS: Statement = {
  text: `SELECT name, CAST(value AS bigint) AS configured, CAST(value_in_use AS bigint) AS in_use
FROM sys.configurations
WHERE name IN (N'max server memory (MB)', N'max degree of parallelism', N'cost threshold for parallelism')
ORDER BY name;`,
};

/**
 * All settings under one RECONFIGURE, which throws away the plans that the server has made (the plan cache). These options are
 * advanced ones: they can be set only while those are shown, which is put back.
 */
export function setOptions(settings: readonly { readonly option: Option; readonly to: number }[]): Statement {
  const show = (value: 0 | 1) => `IF @shown = 0
BEGIN
  EXEC sys.sp_configure N'show advanced options', ${value};
  RECONFIGURE;
END;`;
  const set = settings.map(({ option, to }) => `EXEC sys.sp_configure N'${option}', ${to};`).join('\n');
  return {
    text: `DECLARE @shown bigint = (SELECT CAST(value_in_use AS bigint) FROM sys.configurations WHERE name = N'show advanced options');
${show(1)}
${set}
RECONFIGURE;
${show(0)}`,
  };
}

/** What the options are in force as, by name. */
export async function readOptions(db: Console): Promise<ReadonlyMap<string, number>> {
  const rows = await list(db, READ_OPTIONS);
  return new Map(rows.map((row) => [text(row, 'name'), number(row, 'in_use')]));
}

const thing = (option: string, database: string): string => `${option} of ${database}`;

export const setOption = defineDatabaseAction({
  kind: 'db-set-options',
  data: Settings,
  look: async (db, { database, settings }): Promise<World> => {
    const values = await readOptions(db);
    return Object.fromEntries(
      settings.map(({ option }) => [thing(option, database), String(values.get(option) ?? 'none')]),
    );
  },
  foresee: ({ database, settings }) =>
    Object.fromEntries(settings.map(({ option, to }) => [thing(option, database), String(to)])),
  perform: async (db, { settings }) => {
    await db.run(setOptions(settings));
    const values = await readOptions(db);
    const other = settings.find(({ option, to }) => values.get(option) !== to);
    if (other === undefined) return ok(undefined);
    const message = `${other.option} was set to ${other.to}, and ${values.get(other.option) ?? 'nothing'} is in force.`;
    return err({ kind: 'error', message });
  },
  inverse: ({ database, settings }) => ({
    does: `Set ${settings.map(({ option, from }) => `${option} back to ${from}`).join(' and ')}.`,
    action: {
      kind: 'db-set-options',
      data: { database, settings: settings.map(({ option, from, to }) => ({ option, from: to, to: from })) },
    },
  }),
});
