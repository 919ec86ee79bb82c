import { ok, type Result } from '@scorpiox/shared/result';
import type { Failure, FailureKind } from '../../failure.ts';
import { gitText } from './git-text.ts';
import { placeOf } from './lot.ts';

/** A ref that is to be made, or taken away, with the commit that it names then or named before. */
export interface RefChange {
  readonly does: 'create' | 'delete';
  readonly ref: string;
  readonly id: string;
}

/**
 * Changes refs in one transaction: all of them, or none where one is not as it is said to be. `message` goes into their logs.
 */
export async function changeRefs(
  repository: string,
  changes: readonly RefChange[],
  message: string,
): Promise<Result<void, Failure>> {
  if (changes.length === 0) return ok(undefined);
  const lines = changes.map(({ does, ref, id }) => `option no-deref\0${does} ${ref}\0${id}\0`);
  const input = `start\0${lines.join('')}prepare\0commit\0`;
  const changed = await gitText(repository, ['update-ref', '-m', message, '-z', '--stdin'], { input });
  if (changed.ok) return ok(undefined);
  const { kind, message: said } = changed.error;
  return {
    ok: false,
    error: { kind: kindOf(said, kind), message: `The branches of ${placeOf(repository)} were left: ${said}` },
  };
}

/**
 * git.git's refs.c and lockfile.c: what they say of a ref that another was quicker with, of a name that is another's folder,
 * and of a ref that is locked.
 */
function kindOf(said: string, otherwise: FailureKind): FailureKind {
  if (/but expected|reference already exists|unable to resolve reference|reference is missing/.test(said))
    return 'stale';
  if (/exists; cannot create/.test(said)) return 'refused';
  return /\.lock'?: File exists/.test(said) ? 'try-again' : otherwise;
}

/** The refs below some prefixes, and what each names: a commit's id, or a ref. */
export async function readRefs(
  repository: string,
  ...below: readonly string[]
): Promise<Result<ReadonlyMap<string, string>, Failure>> {
  const format = '%(refname)%00%(objectname)%00%(symref)';
  const listed = await gitText(repository, ['for-each-ref', `--format=${format}`, ...below]);
  if (!listed.ok) return listed;
  const lines = listed.value.split('\n').filter((line) => line !== '');
  return ok(new Map(lines.map((line) => line.split('\0')).map(([ref = '', id = '', to = '']) => [ref, to || id])));
}
