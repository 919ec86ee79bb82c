import { type ConfigOptions, orFail, readConfig } from '../command.ts';
import type { Io } from '../io.ts';
import type { Where } from '../ops/api/with-api.ts';
import { readRemote } from '../remote.ts';

/** The API that is meant: the one that is named, else that of the installation on this machine. */
export function meantApi(io: Io, options: ConfigOptions): Where {
  const remote = orFail(readRemote(io, options));
  if (remote !== undefined) return { kind: 'remote', remote };
  return { kind: 'here', config: orFail(readConfig(io, options)) };
}
