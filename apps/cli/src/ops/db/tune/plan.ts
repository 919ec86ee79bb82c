/** Plans how a SQL Server's options are set. */
import type { Console } from '@scorpiox/shared/database/console';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import type { Actions } from '../../plan/action.ts';
import type { Plan } from '../../plan/plan.ts';
import { Planner } from '../../plan/planner.ts';
import { type Option, readOptions, setOption } from '../actions/set-option.ts';
import { type Host, readHost } from '../dialect/host.ts';
import { type Advice, adviseMaxdop, adviseMemory, USUAL_COST_THRESHOLD } from './formulas.ts';

/** What an option is to be: `auto` by the formula. */
export type Wanted = number | 'auto';

export interface TuneRequest {
  readonly maxMemoryMb?: Wanted;
  readonly maxdop?: Wanted;
  readonly costThreshold?: Wanted;
}

export interface Tuning {
  readonly plan: Plan;
  /** How each value came about, a sentence each. */
  readonly told: readonly string[];
}

/** Errors: SQLite, which has no such options; `auto` where the server does not tell what its host has. */
export async function planTune(db: Console, actions: Actions, request: TuneRequest): Promise<Result<Tuning, Failure>> {
  if (db.kind === 'sqlite') return err({ kind: 'refused', message: NOT_FOR_SQLITE(db.name) });
  const host = await hostFor(db, request);
  if (host === undefined) return err({ kind: 'unavailable', message: `${db.name} does not tell what its host has.` });
  const options = await readOptions(db);
  const told: string[] = [];
  const settings: { option: Option; from: number; to: number }[] = [];
  for (const { option, advice } of choose(request, host)) {
    const from = options.get(option);
    if (from === undefined) return err({ kind: 'unavailable', message: `${db.name} has no option ${option}.` });
    told.push(`${option}: ${shownValue(option, from)} → ${shownValue(option, advice.value)} (${advice.because}).`);
    if (from !== advice.value) settings.push({ option, from, to: advice.value });
  }
  const planner = new Planner(actions);
  if (settings.length > 0) await planner.add(sentence(settings), setOption.of({ database: db.name, settings }));
  return ok({ plan: { title: 'db tune', steps: planner.steps }, told });
}

const NOT_FOR_SQLITE = (name: string): string =>
  `${name} is a file that programs read by themselves: there is no server whose memory or cores could be limited. Each connection of SQLite has a cache of 2 MB (PRAGMA cache_size) and uses one core.`;

/** The server is asked only where a formula needs it: that takes a permission. */
async function hostFor(db: Console, request: TuneRequest): Promise<Host | 'not needed' | undefined> {
  const needs = request.maxMemoryMb === 'auto' || request.maxdop === 'auto';
  return needs ? readHost(db) : 'not needed';
}

function choose(
  { maxMemoryMb, maxdop, costThreshold }: TuneRequest,
  host: Host | 'not needed',
): readonly { readonly option: Option; readonly advice: Advice }[] {
  const advised = host === 'not needed' ? undefined : host;
  const chosen = [
    { option: 'max server memory (MB)' as const, wanted: maxMemoryMb, auto: advised && adviseMemory(advised.memoryMb) },
    {
      option: 'max degree of parallelism' as const,
      wanted: maxdop,
      auto: advised && adviseMaxdop(advised.cores, advised.nodes),
    },
    {
      option: 'cost threshold for parallelism' as const,
      wanted: costThreshold,
      auto: { value: USUAL_COST_THRESHOLD, because: 'what is usual; the 5 that a server comes with is too low' },
    },
  ];
  return chosen.flatMap(({ option, wanted, auto }) => {
    const advice =
      wanted === 'auto' ? auto : wanted === undefined ? undefined : { value: wanted, because: 'as was said' };
    return advice === undefined ? [] : [{ option, advice }];
  });
}

/** What a server has where nobody set anything. */
const UNLIMITED: Readonly<Partial<Record<Option, number>>> = {
  'max server memory (MB)': 2_147_483_647,
  'max degree of parallelism': 0,
};

const shownValue = (option: Option, value: number): string =>
  value === UNLIMITED[option] ? `${value} (no limit)` : value.toLocaleString('en');

function sentence(
  settings: readonly { readonly option: Option; readonly from: number; readonly to: number }[],
): string {
  const parts = settings.map(({ option, from, to }) => `${option} to ${to} (now ${from})`);
  return `Set ${parts.join(', ')}; the server throws away the plans it has made.`;
}
