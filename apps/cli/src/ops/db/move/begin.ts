/** The beginning of a move, and its going on where another process left it. */
import { randomUUID } from 'node:crypto';
import { INSIGHTS_TABLES, MOVE_MARKS } from '@scorpiox/shared/database/tables';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import type { Contents } from '../insights/contents.ts';
import { beginNotes, mark } from './capture-texts.ts';
import { makeMark, writeMark } from './mark-texts.ts';
import { readSourceMark, readTargetMark, type SourceMark, type TargetMark } from './marks.ts';
import { whileLocked } from './while-locked.ts';

export interface Marks {
  readonly source: SourceMark;
  readonly target: TargetMark;
}

/** Where a move stands; undefined where none was begun between the two. Errors: `refused`. */
export async function marksOf(source: Contents, target: Contents): Promise<Result<Marks | undefined, Failure>> {
  const [from, to] = [await readSourceMark(source), await readTargetMark(target)];
  if (from !== undefined && from.target !== target.name) {
    return refused(`${source.name} is being moved to ${from.target}: go on with that, or take it back with --cancel.`);
  }
  const own = await readTargetMark(source);
  if (own !== undefined && own.phase !== 'done') {
    return refused(`${source.name} is no whole database: it is being filled from ${own.source}, or was.`);
  }
  if (from === undefined)
    return to === undefined || isUntouched(to, source) ? ok(undefined) : refused(leftOver(target));
  if (to === undefined) {
    return refused(
      `${target.name} does not know of the move that ${source.name} notes its changes for: take that back with --cancel.`,
    );
  }
  if (to.move !== from.move || to.phase === 'cancelled') return refused(leftOver(target));
  return ok({ source: from, target: to });
}

/** Killed before the source knew of it: then nothing was copied. */
const isUntouched = ({ phase, progress, source: name }: TargetMark, source: Contents): boolean =>
  phase === 'copying' && progress === '' && name === source.name;

const leftOver = ({ name }: Contents): string =>
  `${name} holds what another move left behind, and is of no use: remove it, or name an empty database.`;

/** Marks an empty target, and lets the source note its changes from now on. Errors: `refused`. */
export async function begin(source: Contents, target: Contents, now: number): Promise<Result<Marks, Failure>> {
  const begun = await readTargetMark(target);
  const marked = begun === undefined ? await markTarget(source, target) : ok(begun);
  if (!marked.ok) return marked;
  const { move } = marked.value;
  await whileLocked(() =>
    source.db.transaction(async (run) => {
      await run(makeMark(source.dialect, 'source'));
      await run(writeMark(source.dialect, 'source', { move, target: target.name, started_at: now }));
      for (const statement of beginNotes(source.dialect)) await run(statement);
    }),
  );
  return ok({ source: { move, target: target.name }, target: marked.value });
}

async function markTarget(source: Contents, target: Contents): Promise<Result<TargetMark, Failure>> {
  const held = await whatIsHeld(target);
  if (held !== undefined)
    return refused(`${target.name} is not empty: ${held}. Name a database that holds nothing yet.`);
  const fresh: TargetMark = { move: randomUUID(), source: source.name, holder: 0, phase: 'copying', progress: '' };
  await target.db.transaction(async (run) => {
    await run(makeMark(target.dialect, 'target'));
    await run(writeMark(target.dialect, 'target', { ...fresh }));
    await run(mark(target.dialect, MOVE_MARKS.filling, 'being filled by scorpiox db migrate'));
  });
  return ok(fresh);
}

const PROCESSES = { sqlite: 'api_processes', sqlserver: 'dbo.scorpiox_api_process' } as const;

/** What a database has that a new one has not; undefined: nothing. */
async function whatIsHeld(target: Contents): Promise<string | undefined> {
  for (const table of INSIGHTS_TABLES) {
    const rows = await target.count(table);
    const own = table.sqlite === 'call_ends_linked' ? 1 : 0; // a new database has it
    if (rows > own) return `there are ${rows} rows in ${table.sqlite}`;
  }
  const { sets } = await target.db.run({ text: `SELECT name FROM ${PROCESSES[target.db.kind]} ORDER BY name` });
  const name = sets[0]?.[0]?.name;
  return name === undefined ? undefined : `the API at ${String(name)} works on it`;
}

const refused = (message: string): Result<never, Failure> => err({ kind: 'refused', message });
