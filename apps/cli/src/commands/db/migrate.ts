import { readdirSync } from 'node:fs';
import { type Config, type DatabaseLocation, spoolFolder } from '@scorpiox/shared/config';
import { nameOf } from '@scorpiox/shared/database/console';
import type { Command } from 'commander';
import { CommandFailed, defineCommand, orFail, readConfig } from '../../command.ts';
import type { Io } from '../../io.ts';
import { LOCK_TIMEOUT_MS } from '../../ops/db/limits.ts';
import { offerPlan } from '../plan/offer.ts';
import { addPlanOptions, type PlanOptions } from '../plan/options.ts';
import { addStatementOptions, type OnOptions } from './on.ts';

interface MigrateOptions extends OnOptions, PlanOptions {
  readonly from?: string;
  readonly to?: string;
  readonly cutover?: true;
  readonly cancel?: true;
}

export function migrateDatabaseCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'migrate',
    summary: 'move the insights database to another one, while it is in use',
    description:
      'Copies an insights database into an empty one, SQLite or SQL Server, while the API goes on, and proves every range by its\nSHA-256. What changes meanwhile is noted in the source and brought over: now, and whenever it is run again. With --cutover the\nsource is closed at the end, which takes seconds: the API answers 503 with Retry-After until it is started with the new\ndatabase. What was interrupted or killed goes on where it was. --cancel takes the move back: at any time before the cut-over,\nand after it as long as the new database was not used. Without --apply the plan is shown.',
    examples: [
      'scorpiox db migrate --to sqlite:/fast/insights.db --apply --yes',
      'scorpiox db migrate --from sqlite:data/insights.db --to @sql-server.address --cutover --apply --yes',
      'scorpiox db migrate --cancel --apply --yes',
    ],
  });
  addPlanOptions(addStatementOptions(command))
    .option('--from <database>', 'sqlite:FILE, mssql://USER@HOST/DATABASE, or @FILE (default: insights.database)')
    .option('--to <database>', 'the same; empty, or not there yet')
    .option('--cutover', 'let the new database take the place of the old one at the end')
    .option('--cancel', 'open the old database again, and note nothing any more')
    .action(async (options: MigrateOptions) => {
      if (options.cutover === true && options.cancel === true)
        throw usage('--cutover and --cancel exclude each other.');
      const { locate } = await import('./connect.ts');
      const source = await locate(io, options.from, options);
      const target = options.to === undefined ? undefined : await locate(io, options.to, options);
      if (target !== undefined && nameOf(source) === nameOf(target)) throw usage('--from and --to name one database.');
      const { cancelPlan, movePlan } = await import('./migrate-plan.ts');
      const { textsOnce } = await import('./tell-once.ts');
      const opening = {
        tell: textsOnce(io, options),
        lockTimeoutMs: options.lockTimeout ?? LOCK_TIMEOUT_MS,
      };
      if (options.cancel === true) {
        const { plan, work } = await cancelPlan({ source, target }, opening);
        await offerPlan(io, plan, options, work);
        return;
      }
      if (target === undefined) throw usage('Say with --to where it is to go.');
      const isCutOver = options.cutover === true;
      if (isCutOver) noSpoolHere(orFail(readConfig(io, options)), source);
      const { plan, work } = await movePlan({ source, target, cutOver: isCutOver }, opening);
      await offerPlan(io, plan, options, work);
    });
}

/** What an API on this machine has answered and not shipped would wait for a server that is closed. */
function noSpoolHere(config: Config, source: DatabaseLocation): void {
  if (source.kind !== 'mssql') return;
  const folder = spoolFolder(config);
  const files = names(folder).filter((name) => name.endsWith('.db'));
  if (files.length === 0) return;
  const message = `${folder} holds ${files.join(', ')}: events that may wait for ${nameOf(source)}. Start the API on it, wait until \`spool.events\` of /api/health is 0, stop it, and come again.`;
  throw new CommandFailed({ kind: 'refused', message });
}

function names(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // there is none
  }
}

const usage = (message: string): CommandFailed => new CommandFailed({ kind: 'usage', message });
