import { type Command, InvalidArgumentError } from 'commander';
import { defineCommand, orFail } from '../../command.ts';
import type { Io } from '../../io.ts';
import type { Ending } from '../../ops/db/kill/plan.ts';
import { tellBytes, tellTime } from '../../output/amounts.ts';
import { block } from '../../output/table.ts';
import { offerPlan } from '../plan/offer.ts';
import { addPlanOptions, type PlanOptions } from '../plan/options.ts';
import { addOn, type OnOptions } from './on.ts';

interface Options extends OnOptions, PlanOptions {}

export function killCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'kill',
    summary: 'end a session of a SQL Server',
    description:
      'Shows what a session runs, since when, and what it would roll back, and ends it with --apply. That cannot be undone, so\n--confirm names the session. Neither the own session nor one of the system is ended. How far a rollback is is shown after it.',
    examples: ['scorpiox db kill 57', 'scorpiox db kill 57 --apply --confirm=57'],
  });
  addPlanOptions(addOn(command), { confirm: 'session' })
    .argument('<session>', 'its number, as `db top` and `db blocking` show it', parseSession)
    .action((session: number, options: Options) => kill(io, session, options));
}

async function kill(io: Io, number: number, options: Options): Promise<void> {
  const { locate, withConsole } = await import('./connect.ts');
  const { databaseActionsFor, databaseWork } = await import('./means.ts');
  const { planKill, rollbackState } = await import('../../ops/db/kill/plan.ts');
  const location = await locate(io, options.on, options);
  const actions = databaseActionsFor(io, options, [location]);
  const ending = await withConsole(io, location, {}, options, async (db) =>
    orFail(await planKill(db, actions, number)),
  );
  io.say(block(shown(ending)));
  await offerPlan(io, ending.plan, options, databaseWork(io, options, [location]));
  const state = await withConsole(io, location, {}, options, (db) => rollbackState(db, number));
  io.say(state === undefined ? `Session ${number} is gone.\n` : `Session ${number} is rolling back: ${state}\n`);
}

function shown({ session, transactions }: Ending) {
  const { request } = session;
  const log = transactions.reduce((sum, { logBytes }) => sum + logBytes, 0);
  const rollback = `${tellBytes(log)} of log in ${transactions.map(({ database, begun }) => `${database} since ${begun}`).join(', ')}`;
  return {
    session: session.id,
    login: session.login,
    program: session.program ?? '',
    host: session.host ?? '',
    does: request === undefined ? session.status : `${request.command} for ${tellTime(request.elapsedMs)}`,
    'waits for': request?.blockedBy === undefined ? '' : `session ${request.blockedBy}`,
    statement: session.statement ?? '',
    'rolls back': transactions.length === 0 ? 'nothing: no transaction is open' : rollback,
  };
}

function parseSession(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text) && Number(text) <= 32_767) return Number(text);
  throw new InvalidArgumentError('It must be the number of a session.');
}
