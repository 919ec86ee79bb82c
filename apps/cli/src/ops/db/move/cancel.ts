/** Taking a move back. */
import type { Statement } from '@scorpiox/shared/database/console';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import type { Contents } from '../insights/contents.ts';
import { verify } from '../verify/verify.ts';
import { close, endNotes, reopen } from './capture-texts.ts';
import { dropMark, readMark } from './mark-texts.ts';
import { Holder, readSourceMark, readTargetMark } from './marks.ts';
import { whileLocked } from './while-locked.ts';

/** Opens the source again and ends its notes. `target` where the source is closed. Errors: `refused`, `usage`. */
export async function cancelMove(
  source: Contents,
  target: Contents | undefined,
  stop: AbortSignal,
): Promise<Result<void, Failure>> {
  const from = await readSourceMark(source);
  if (from === undefined) return refused(`No move of ${source.name} is under way.`);
  if (target !== undefined && target.name !== from.target) return refused(`${source.name} is moved to ${from.target}.`);
  if (from.closedAt !== undefined) {
    if (target === undefined) {
      return err({
        kind: 'usage',
        message: `${source.name} is closed, so ${from.target} may be in use: name it with --to.`,
      });
    }
    const kept = await keepFromUse(source, target, from.move, stop);
    if (!kept.ok) return kept;
  }
  return whileLocked(() =>
    source.db.transaction(async (run) => {
      // Who was at it may have closed the source since, and even come to the end.
      const [now] = (await run(readMark(source.dialect, 'source'))).sets[0] ?? [];
      if (from.closedAt === undefined && now?.closed_at !== null) {
        return refused(`${source.name} was closed meanwhile: say it again, with --to.`);
      }
      for (const statement of [...endNotes(source.dialect), ...reopen(source.dialect)]) await run(statement);
      await run(dropMark(source.dialect, 'source'));
      return ok(undefined);
    }),
  );
}

/** Keeps others from going on with the move, and the target from being used, where it was not used yet. */
async function keepFromUse(
  source: Contents,
  target: Contents,
  move: string,
  stop: AbortSignal,
): Promise<Result<void, Failure>> {
  const before = await readTargetMark(target);
  if (before?.move !== move) return refused(`${target.name} does not know of this move of ${source.name}.`);
  const onward = await readSourceMark(target);
  if (onward !== undefined) {
    return refused(`${target.name} has been used: it is moved to ${onward.target}. Take that back first.`);
  }
  const holder = await Holder.take(target, before);
  // Whoever had it before may have come to the end until it was taken.
  if ((await readTargetMark(target))?.phase === 'done') {
    const shut = await shutUnused(source, target, holder, stop);
    if (!shut.ok) return shut;
  }
  await holder.write({ phase: 'cancelled' }, async () => {});
  return ok(undefined);
}

/** Closes the target before it is looked at, so that nothing is written to it after that; opens it again where it was used. */
async function shutUnused(
  source: Contents,
  target: Contents,
  holder: Holder,
  stop: AbortSignal,
): Promise<Result<void, Failure>> {
  const { dialect } = target;
  const all = (statements: readonly Statement[]) =>
    holder.write({}, async (run) => {
      for (const statement of statements) await run(statement);
    });
  await all([...reopen(dialect), ...close(dialect, source.name)]);
  const unused = await notUsed(source, target, stop);
  if (!unused.ok) await all(reopen(dialect));
  return unused;
}

async function notUsed(source: Contents, target: Contents, stop: AbortSignal): Promise<Result<void, Failure>> {
  const used = await whoUsedIt(target);
  if (used !== undefined) return refused(`${target.name} has been used: ${used}. ${BACK}`);
  const { differing, isWhole } = await verify({ first: source, second: target, deep: true, stop });
  if (!isWhole) return err({ kind: 'interrupted', message: 'Interrupted; nothing was changed.' });
  if (differing === 0) return ok(undefined);
  return refused(`${target.name} has been used: it differs from ${source.name} in ${differing} rows. ${BACK}`);
}

const BACK = 'Move back from it to a new database instead.';

const WITNESSES = {
  sqlite: { 'an API works on it': 'api_processes', 'an API noted its size': 'size_samples' },
  sqlserver: {
    'an API works on it': 'dbo.scorpiox_api_process',
    'an API noted its size': 'dbo.scorpiox_size_sample',
    'an API shipped its spool to it': 'dbo.scorpiox_spool',
  },
} as const;

async function whoUsedIt({ db }: Contents): Promise<string | undefined> {
  for (const [sentence, table] of Object.entries(WITNESSES[db.kind])) {
    const { sets } = await db.run({ text: `SELECT COUNT(*) AS n FROM ${table}` });
    if (Number(sets[0]?.[0]?.n) > 0) return sentence;
  }
  return undefined;
}

const refused = (message: string): Result<never, Failure> => err({ kind: 'refused', message });
