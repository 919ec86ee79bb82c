import { BackupFailure } from '@scorpiox/maildir';
import type { Config } from '@scorpiox/shared/config';
import { type Failure, type FailureKind, kindOfSystemError } from '../../failure.ts';
import { unreadableMail } from '../users.ts';

/** Why a backup was not made or could not be used; what no operator can do anything about is thrown on. */
export function backupFailure(config: Config, user: string, error: unknown, signal?: AbortSignal): Failure {
  if (signal?.aborted === true && error === signal.reason) {
    return { kind: 'interrupted', message: `Stopped. ${KEPT}` };
  }
  if (error instanceof BackupFailure) {
    const kind = kindOf(error);
    const more = error.reason === 'target' && kind === 'try-again' ? ` ${KEPT}` : '';
    return { kind, message: `${error.message}${more}` };
  }
  return unreadableMail(config, user, error);
}

const KEPT = 'What was copied is kept, and the next backup goes on from there.';

function kindOf({ reason, code }: BackupFailure): FailureKind {
  switch (reason) {
    case 'target':
      return kindOfSystemError(code);
    case 'busy':
      return 'try-again';
    case 'no-backup':
    case 'damaged':
      return 'error';
  }
}
