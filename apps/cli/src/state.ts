import { isAbsolute, join } from 'node:path';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Io } from './io.ts';
import type { Failure } from './ops/failure.ts';

/** Where the journals of runs are kept: `$XDG_STATE_HOME/scorpiox/runs`, else below `~/.local/state`. */
export const runsFolder = (io: Pick<Io, 'env'>): Result<string, Failure> => stateFolder(io, 'runs');

/** Where the content of files is kept that runs changed. */
export const originalsFolder = (io: Pick<Io, 'env'>): Result<string, Failure> => stateFolder(io, 'originals');

function stateFolder({ env }: Pick<Io, 'env'>, name: string): Result<string, Failure> {
  // The XDG base directory specification: a path that is not absolute is to be ignored.
  const { XDG_STATE_HOME: state = '', HOME: home = '' } = env;
  if (isAbsolute(state)) return ok(join(state, 'scorpiox', name));
  if (isAbsolute(home)) return ok(join(home, '.local', 'state', 'scorpiox', name));
  const message = 'There is nowhere to keep the journal of runs: set XDG_STATE_HOME or HOME to an absolute path.';
  return err({ kind: 'usage', message });
}
