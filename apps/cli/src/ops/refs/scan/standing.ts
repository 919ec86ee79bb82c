/** What git makes of files: it is asked about those only that say something. */
import { ok, type Result } from '@scorpiox/shared/result';
import type { Environment } from '../../git/environment.ts';
import type { GitFailure } from '../../git/failure.ts';
import type { Repository } from '../../git/repositories.ts';
import { gitRecords } from '../../git/run.ts';
import { type OctetText, octetText } from './octets.ts';

export type Standing =
  | 'tracked'
  | 'untracked'
  /** By its name, or by `git update-index --assume-unchanged` or `--skip-worktree`. */
  | 'ignored'
  /** In no repository. */
  | 'outside'
  /** In a repository, and git would not say. */
  | 'unknown'
  /** git's own. */
  | 'git'
  /** The user's own configuration of git. */
  | 'user-config';

/** How files of a work tree stand, by their paths below it. */
export async function standings(
  repository: Repository,
  paths: ReadonlySet<OctetText>,
  env: Environment,
  signal: AbortSignal,
): Promise<Result<ReadonlyMap<OctetText, Standing>, GitFailure>> {
  const found = new Map<OctetText, Standing>([...paths].map((path) => [path, 'untracked']));
  // Where `core.worktree` names the dead path, git would not start.
  const asked = { base: env, env: { GIT_WORK_TREE: '.' }, signal };
  const listed = await gitRecords(repository, [['ls-files', '-z', '-v']], asked, (record) => {
    const path = octetText(record.subarray('H '.length));
    if (paths.has(path)) found.set(path, LOOKED_AWAY.test(octetText(record)) ? 'ignored' : 'tracked');
  });
  if (!listed.ok) return listed;
  const others = [...found].filter(([, standing]) => standing === 'untracked').map(([path]) => path);
  if (others.length === 0) return ok(found);
  // A name may begin like a pathspec with magic (`:!x`): behind `./` it is a name.
  const input = Buffer.from(others.map((path) => `${HERE}${path}\0`).join(''), 'latin1');
  // It ends with 1 where none is ignored.
  const options = { ...asked, input, okCodes: [1] };
  const checked = await gitRecords(repository, [['check-ignore', '-z', '--stdin']], options, (record) => {
    found.set(octetText(record.subarray(HERE.length)), 'ignored');
  });
  return checked.ok ? ok(found) : checked;
}

const HERE = './';

/**
 * `git ls-files -v` of what git was told to see no changes of (`--assume-unchanged`, `--skip-worktree`): it holds somebody's
 * own, which no status shows, and no commit may take along.
 */
const LOOKED_AWAY = /^[a-zS] /;
