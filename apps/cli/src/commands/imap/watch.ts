import type { Result } from '@scorpiox/shared/result';
import type { Io } from '../../io.ts';
import type { Failure } from '../../ops/failure.ts';
import type { Sessions } from '../../ops/imap/sessions.ts';
import { STALLED_MS } from '../../ops/limits.ts';
import type { OutputOptions } from '../../output/options.ts';
import { watch } from '../watch.ts';
import { sessionLines, summary } from './session-rows.ts';

/** Shows sessions on the whole terminal until somebody has seen enough. */
export const watchSessions = (
  io: Io,
  look: () => Promise<Result<Sessions, Failure>>,
  options: OutputOptions,
): Promise<void> =>
  watch(
    io,
    look,
    ({ sessions, missing }, paint) => ({
      head: summary(sessions, STALLED_MS),
      notes: missing,
      lines: sessionLines(sessions, paint, STALLED_MS),
    }),
    options,
  );
