/** Mends the drill's database as an operator would, with the plans of the commands themselves. */
import { join } from 'node:path';
import { type Console, nameOf, openConsole, type Statement } from '@scorpiox/shared/database/console';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Means } from '../../db/actions/database-action.ts';
import { withDatabases } from '../../db/actions/with-databases.ts';
import { planDecompute } from '../../db/decompute/plan.ts';
import { planDedupe } from '../../db/dedupe/plan.ts';
import { consoleFailure } from '../../db/failure.ts';
import { LOCK_TIMEOUT_MS } from '../../db/limits.ts';
import { planUnique } from '../../db/unique/plan.ts';
import type { Failure } from '../../failure.ts';
import type { Actions } from '../../plan/action.ts';
import type { Plan } from '../../plan/plan.ts';
import { runPlan } from '../../runs/run-plan.ts';
import { COMPUTED, KEY, TABLE } from './crisis/texts.ts';
import type { Mended } from './report.ts';
import type { Scratch } from './scratch/scratch.ts';

interface Mending {
  /** As one would type it. */
  readonly command: string;
  plan(db: Console, actions: Actions): Promise<Result<{ readonly plan: Plan }, Failure>>;
}

const by = { table: TABLE, key: KEY, by: undefined };
const keyed = `${TABLE} --key ${KEY.join(',')}`;

const MENDINGS: readonly Mending[] = [
  {
    command: `scorpiox db dedupe ${keyed} --apply`,
    plan: (db, actions) => planDedupe(db, by, actions),
  },
  {
    command: `scorpiox db unique ${keyed} --ignore-dup-key --apply`,
    plan: (db, actions) => planUnique(db, { ...by, index: undefined, ignoresDuplicates: true }, actions),
  },
  {
    command: `scorpiox db decompute ${TABLE}.${COMPUTED} --type int --apply`,
    plan: (db, actions) =>
      planDecompute(db, { column: { table: TABLE, column: COMPUTED }, type: 'int', from: undefined }, actions),
  },
];

export interface MendOptions {
  /** Called before each statement of the commands. */
  readonly tell: (statement: Statement) => void;
  readonly stop: AbortSignal;
  readonly onCommand: (command: string) => void;
  readonly onProgress: (done: number, total?: number) => void;
}

/** Applies each command's plan over a console of their own. What an earlier one did stays when a later one fails. */
export async function mend(
  { location, home }: Pick<Scratch, 'location' | 'home'>,
  options: MendOptions,
): Promise<Result<readonly Mended[], Failure>> {
  const opened = await openConsole(location, { tell: options.tell, lockTimeoutMs: LOCK_TIMEOUT_MS });
  if (!opened.ok) return err(consoleFailure(opened.error, nameOf(location)));
  try {
    return await mendOver(opened.value, home, options);
  } finally {
    await opened.value.close();
  }
}

async function mendOver(db: Console, home: string, { stop, onCommand, onProgress }: MendOptions) {
  const means: Means = { open: (_, use) => use(db), stop, onProgress };
  const actions = withDatabases(means);
  const mended: Mended[] = [];
  for (const { command, plan } of MENDINGS) {
    onCommand(command);
    const begun = performance.now();
    const planned = await plan(db, actions);
    if (!planned.ok) return planned;
    const run = await runPlan(planned.value.plan, { folder: join(home, 'runs'), stop, actions });
    if (!run.ok) return run;
    if (run.value.failure !== undefined) return err(run.value.failure);
    mended.push({ command, seconds: round((performance.now() - begun) / 1000) });
  }
  return ok(mended);
}

const round = (seconds: number): number => Number(seconds.toPrecision(3));
