import type { Result } from '@scorpiox/shared/result';
import { type ConfigOptions, orFail, readConfig } from '../command.ts';
import type { Io } from '../io.ts';
import type { Failure } from '../ops/failure.ts';
import type { Administration } from '../ops/insights/administration.ts';
import { readRemote } from '../remote.ts';

/** Acts on applications, keys or tokens: through the API that is meant, else in the configured database. */
export async function administrate<T>(
  io: Io,
  options: ConfigOptions,
  act: (administration: Administration) => Promise<Result<T, Failure>>,
): Promise<T> {
  return orFail(await act(await open(io, options)));
}

async function open(io: Io, options: ConfigOptions): Promise<Administration> {
  const remote = orFail(readRemote(io, options));
  if (remote === undefined) {
    const config = orFail(readConfig(io, options));
    const { administrationByDatabase } = await import('../ops/insights/by-database.ts');
    return administrationByDatabase(config);
  }
  const [{ administrationByApi }, { ApiClient }] = await Promise.all([
    import('../ops/insights/by-api.ts'),
    import('../ops/api/client.ts'),
  ]);
  return administrationByApi(new ApiClient(remote));
}
