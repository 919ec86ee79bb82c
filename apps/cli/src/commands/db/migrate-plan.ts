/** The plan of a move, and the work that applies it. */
import type { DatabaseLocation } from '@scorpiox/shared/config';
import { nameOf } from '@scorpiox/shared/database/console';
import { ok, type Result } from '@scorpiox/shared/result';
import { migrateDatabase } from '../../ops/db/move/actions.ts';
import { type Opening, standingOf } from '../../ops/db/move/databases.ts';
import {
  type CancelRequest,
  type MoveDone,
  type MoveRequest,
  namesOf,
  runCancel,
  runMove,
} from '../../ops/db/move/run.ts';
import type { Failure } from '../../ops/failure.ts';
import { Actions } from '../../ops/plan/action.ts';
import type { Plan, World } from '../../ops/plan/plan.ts';
import { Planner } from '../../ops/plan/planner.ts';
import { count } from '../count.ts';
import type { Work } from '../plan/carry-out.ts';
import { asFailed } from './connect.ts';

interface Planned {
  readonly plan: Plan;
  readonly work: Work;
}

export async function movePlan(request: MoveRequest, opening: Opening): Promise<Planned> {
  const { from, to } = namesOf(request);
  const look = looking([request.source, request.target], opening);
  const isDone = (await seen(look))[to]?.includes(`done from ${from}`) === true;
  const copy = `Copy everything from ${from} to ${to}, prove it, and bring over what changes meanwhile`;
  const does = request.cutOver
    ? `${copy}; then close ${from} and let ${to} take its place.`
    : `${copy}; ${from} stays in use.`;
  const data = { from, to, does: request.cutOver ? 'cut over' : 'copy' } as const;
  const plan = await planOf('db migrate', look, isDone ? undefined : { does, data });
  let done: MoveDone | undefined;
  let closedAt: number | undefined;
  const work: Work = {
    unit: 'rows',
    begin: (progress, stop) => {
      const watch = {
        phase: (phase: string) => progress.print(PHASES[phase] ?? phase),
        progress: progress.update,
        closed: () => {
          closedAt ??= performance.now();
          progress.print(`${from} is closed; bringing over the last changes.`);
        },
      };
      const tell = (name: string) => opening.tell(name);
      const perform = async (): Promise<Result<void, Failure>> => {
        const moved = await runMove(request, { ...opening, tell, stop, watch, now: Date.now });
        if (moved.ok) done = moved.value;
        return moved.ok ? ok(undefined) : moved;
      };
      return new Actions([migrateDatabase({ look, perform })]);
    },
    end: () => told(request, done, closedAt === undefined ? undefined : performance.now() - closedAt),
  };
  return { plan, work };
}

const PHASES: Readonly<Record<string, string>> = {
  copying: 'Copying.',
  proving: 'Copied. Comparing every range by SHA-256.',
  following: 'Proved. Bringing over what changed.',
};

function told(request: MoveRequest, done: MoveDone | undefined, closedMs: number | undefined) {
  const { rows, ranges, changes } = done ?? { rows: 0, ranges: 0, changes: 0 };
  const closed = closedMs === undefined ? null : Math.round(closedMs);
  const data = { rows, ranges, changes, closedMs: closed };
  if (done === undefined) return { told: 'Not done.', data };
  const { from, to } = namesOf(request);
  const sums = `${count(rows, 'row')} copied, ${count(ranges, 'range')} proved, ${count(changes, 'change')} brought over.`;
  if (!request.cutOver) {
    return {
      told: `${sums} ${from} is in use and notes what changes. Run it again to bring that over, with --cutover to end the move, or with --cancel to take it back.`,
      data,
    };
  }
  return { told: `${sums}\n${whatToChange(request.target, from, to)}`, data };
}

/** What the operator has to do: nothing of the configuration is changed here, since only they know all that reads it. */
function whatToChange(target: DatabaseLocation, from: string, to: string): string {
  const setting =
    target.kind === 'sqlite'
      ? `database = "${to}"`
      : `database = "mssql://${encodeURIComponent(target.user)}:PASSWORD@${target.host}:${target.port}/${encodeURIComponent(target.database)}"   # or database_file, which holds it`;
  return `${to} is in the place of ${from}, which takes no changes any more. Set in the configuration of every API and start it again:\n  [insights]\n  ${setting}\nUntil then an API that runs answers 503 with Retry-After, and senders come again.`;
}

export async function cancelPlan(request: CancelRequest, opening: Opening): Promise<Planned> {
  const { source, target } = request;
  const look = looking([source, ...(target === undefined ? [] : [target])], opening);
  const from = nameOf(source);
  const isMoved = (await seen(look))[from]?.includes('moved to') === true;
  const data = { from, to: target === undefined ? null : nameOf(target), does: 'cancel' } as const;
  const does = `Take the move of ${from} back: it is open to every change, and notes none. What was copied is of no use then.`;
  const plan = await planOf('db migrate --cancel', look, isMoved ? { does, data } : undefined);
  const work: Work = {
    unit: 'steps',
    begin: (_progress, stop) =>
      new Actions([migrateDatabase({ look, perform: () => runCancel(request, { ...opening, stop }) })]),
  };
  return { plan, work };
}

const looking = (locations: readonly DatabaseLocation[], opening: Opening) => async (): Promise<World> =>
  Object.fromEntries(
    await Promise.all(locations.map(async (one) => [nameOf(one), await standingOf(one, opening)] as const)),
  );

/** Looks before there is a plan, and ends the command where that fails. */
async function seen(look: () => Promise<World>): Promise<World> {
  try {
    return await look();
  } catch (error) {
    throw asFailed(error);
  }
}

type Data = Parameters<ReturnType<typeof migrateDatabase>['of']>[0];

async function planOf(
  title: string,
  look: () => Promise<World>,
  step: { readonly does: string; readonly data: Data } | undefined,
): Promise<Plan> {
  const kind = migrateDatabase({ look, perform: async () => ok(undefined) });
  const planner = new Planner(new Actions([kind]));
  if (step !== undefined) await planner.add(step.does, kind.of(step.data));
  return { title, steps: planner.steps };
}
