/** Puts a database under the load of many sessions. */
import type { DatabaseLocation } from '@scorpiox/shared/config';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../../failure.ts';
import { LOAD_PROCESSES } from '../limits.ts';
import { type Job, type Tally, together } from './job.ts';
import { startInserter } from './start-inserter.ts';
import { prepare } from './work.ts';

export interface LoadRequest extends Pick<Job, 'load' | 'way' | 'seconds'> {
  readonly location: DatabaseLocation;
  /** How many sessions insert; one more asks what `/apps` asked. */
  readonly sessions: number;
  readonly stop: AbortSignal;
}

/** Runs the load to its end. Errors of the database are thrown. */
export async function runLoad(request: LoadRequest): Promise<Result<Tally, Failure>> {
  const { location } = request;
  const tallies = location.kind === 'sqlite' ? await inProcesses(location.file, request) : await here(request);
  return tallies.ok ? ok(together(tallies.value)) : tallies;
}

/** A server's sessions wait for it, not for each other: one process has them all. */
async function here({ location, sessions, stop, ...told }: LoadRequest): Promise<Result<readonly Tally[], Failure>> {
  const ready = await prepare(location, { ...told, sessions: numbers(sessions), asks: true });
  return ok([await ready.run(stop)]);
}

async function inProcesses(file: string, { sessions, stop, load, way, seconds }: LoadRequest) {
  const shares = shareOut(sessions, LOAD_PROCESSES);
  const jobs: readonly Job[] = [
    ...shares.map((share) => ({ load, way, seconds, sessions: share, asks: false })),
    { load, way, seconds, sessions: [], asks: true },
  ];
  const started = jobs.map((job) => startInserter(file, job, stop));
  try {
    const ready = await Promise.all(started.map((one) => one.ready));
    const failed = ready.find((one) => !one.ok);
    if (failed !== undefined && !failed.ok) return failed;
    for (const one of started) one.go();
    return collect(await Promise.all(started.map((one) => one.done)));
  } finally {
    for (const one of started) one.kill();
  }
}

function collect(results: readonly Result<Tally, Failure>[]): Result<readonly Tally[], Failure> {
  const tallies: Tally[] = [];
  for (const result of results) {
    if (!result.ok) return err(result.error);
    tallies.push(result.value);
  }
  return ok(tallies);
}

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at);

/** Neighbours, which send the same events at times, go to different processes. */
function shareOut(sessions: number, processes: number): readonly (readonly number[])[] {
  const shares = Math.min(sessions, processes);
  return numbers(shares).map((share) => numbers(sessions).filter((session) => session % shares === share));
}
