import { type Command, InvalidArgumentError } from 'commander';
import { CommandFailed, defineCommand, orFail } from '../../command.ts';
import type { Io } from '../../io.ts';
import type { TuneRequest, Wanted } from '../../ops/db/tune/plan.ts';
import { offerPlan } from '../plan/offer.ts';
import { addPlanOptions, type PlanOptions } from '../plan/options.ts';
import { addOn, type OnOptions } from './on.ts';

interface Options extends OnOptions, PlanOptions {
  readonly maxMemory?: Wanted;
  readonly maxdop?: Wanted;
  readonly costThreshold?: Wanted;
}

export function tuneCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'tune',
    summary: "limit a SQL Server's memory and parallelism to what its host has",
    description:
      "Plans what a SQL Server's memory, the cores of a statement (MAXDOP) and the cost from which on it uses several are to be, by\nformula (auto) or as said, and sets them with --apply. The formula is shown with its numbers; what was set before is\njournaled, and `scorpiox undo` sets it back. Setting any of them throws away the plans that the server has made.",
    examples: [
      'scorpiox db tune --max-memory auto --maxdop auto',
      'scorpiox db tune --max-memory 5120 --maxdop 2 --apply',
      'scorpiox db tune --on mssql://sa@db.example.net/insights --cost-threshold auto',
    ],
  });
  addPlanOptions(addOn(command))
    .option(
      '--max-memory <MB>',
      'auto: what the host has less what the system needs; or megabytes',
      wanted(128, 2_147_483_647),
    )
    .option(
      '--maxdop <cores>',
      'auto: by the cores and nodes of the host; or a number, 0 for no limit',
      wanted(0, 32_767),
    )
    .option('--cost-threshold <cost>', 'auto: 50; or a number', wanted(0, 32_767))
    .action((options: Options) => tune(io, options));
}

async function tune(io: Io, options: Options): Promise<void> {
  const { maxMemory: maxMemoryMb, maxdop, costThreshold } = options;
  const request: TuneRequest = {
    ...(maxMemoryMb === undefined ? {} : { maxMemoryMb }),
    ...(maxdop === undefined ? {} : { maxdop }),
    ...(costThreshold === undefined ? {} : { costThreshold }),
  };
  if (Object.keys(request).length === 0) {
    const message = 'Say what is to be set: --max-memory, --maxdop or --cost-threshold, each with auto or a number.';
    throw new CommandFailed({ kind: 'usage', message });
  }
  const { locate, withConsole } = await import('./connect.ts');
  const { databaseActionsFor, databaseWork } = await import('./means.ts');
  const { planTune } = await import('../../ops/db/tune/plan.ts');
  const location = await locate(io, options.on, options);
  const actions = databaseActionsFor(io, options, [location]);
  const { plan, told } = await withConsole(io, location, {}, options, async (db) =>
    orFail(await planTune(db, actions, request)),
  );
  for (const sentence of told) io.say(`${sentence}\n`);
  await offerPlan(io, plan, options, databaseWork(io, options, [location]));
}

function wanted(least: number, most: number): (text: string) => Wanted {
  return (text) => {
    if (text === 'auto') return 'auto';
    const value = Number(text);
    if (/^\d{1,10}$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be auto or a whole number from ${least} to ${most}.`);
  };
}
