/** Why something was not done. `message` is a whole sentence: what is wrong and what to do. */
export interface Failure {
  readonly kind: FailureKind;
  readonly message: string;
  /** Where in what was asked it is wrong: a parameter of the API and a column in it, from 1. */
  readonly at?: { readonly field: string; readonly column: number };
}

export type FailureKind =
  | 'error'
  /** Somebody was asked and said no. */
  | 'cancelled'
  /** What was looked for was found: the command did its work, and there is something to do. */
  | 'findings'
  /** A plan was shown, and there is something in it to do. */
  | 'pending'
  /** The API does not know who asks. */
  | 'not-signed-in'
  /** It was not to be done as things are. */
  | 'refused'
  /** What a plan was made from has changed. */
  | 'stale'
  /** Some of it was done, the rest was not. */
  | 'partly-done'
  /** The command, its arguments, its input or the configuration are wrong. */
  | 'usage'
  | 'no-such-user'
  /** Something that is needed cannot be had: a port, a database, a part of the platform. */
  | 'unavailable'
  /** It may work later: the disk is full, a file is locked. */
  | 'try-again'
  | 'not-permitted'
  /** Ctrl-C. */
  | 'interrupted';

/** Thrown where only a thrown error gets through, as from the look of a step. */
export class Failed extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message.replace(/\.$/, ''));
    this.failure = failure;
  }
}

/** What a failing call of the file system means for the person who ran the command. */
export function kindOfSystemError(code: string | undefined): FailureKind {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EAGAIN':
    case 'EBUSY':
    case 'EMFILE':
    case 'ENFILE':
      return 'try-again';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'not-permitted';
    default:
      return 'error';
  }
}

/** `ENOSPC` and the like, where an error comes from the operating system. */
export function systemErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
