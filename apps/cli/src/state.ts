import { isAbsolute, join } from 'node:path';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Io } from './io.ts';
import type { Failure } from './ops/failure.ts';

/** Where the journals of runs are kept: `$XDG_STATE_HOME/scorpiox/runs`, else below `~/.local/state`. */
export function runsFolder({ env }: Pick<Io, 'env'>): Result<string, Failure> {
  // The XDG base directory specification: a path that is not absolute is to be ignored.
  const { XDG_STATE_HOME: state = '', HOME: home = '' } = env;
  if (isAbsolute(state)) return ok(join(state, 'scorpiox', 'runs'));
  if (isAbsolute(home)) return ok(join(home, '.local', 'state', 'scorpiox', 'runs'));
  const message = 'There is nowhere to keep the journal of runs: set XDG_STATE_HOME or HOME to an absolute path.';
  return err({ kind: 'usage', message });
}
