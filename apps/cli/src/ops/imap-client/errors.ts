import type { Failure, FailureKind } from '../failure.ts';

/** What can go wrong between an IMAP server and us. */
export type ImapProblem =
  /** There is no connection: name, address or port are wrong, or nobody listens. */
  | 'unreachable'
  /** The server's certificate is not to be trusted, or is another host's. */
  | 'certificate'
  /** What the server offers would send the password in the clear, or no way to sign in is left. */
  | 'insecure'
  /** Whoever answers does not speak IMAP, or not as the standard has it. */
  | 'protocol'
  /** The server turned us away or hung up. */
  | 'closed'
  /** The server said nothing, or took nothing, for too long. */
  | 'silent'
  /** Name or password are wrong. */
  | 'sign-in-refused'
  /** A command was answered with NO or BAD. */
  | 'refused'
  /** The caller wanted no more. */
  | 'stopped';

/** Thrown by everything here. `message` is a sentence for the operator, without control characters and passwords. */
export class ImapError extends Error {
  override readonly name = 'ImapError';
  readonly problem: ImapProblem;
  /** The server's response code (RFC 5530), where it gave one: `OVERQUOTA`. */
  readonly code: string | undefined;

  constructor(problem: ImapProblem, message: string, code?: string) {
    super(printable(message));
    this.problem = problem;
    this.code = code;
  }
}

const KINDS: Readonly<Record<ImapProblem, FailureKind>> = {
  unreachable: 'unavailable',
  certificate: 'unavailable',
  insecure: 'unavailable',
  protocol: 'unavailable',
  closed: 'unavailable',
  silent: 'unavailable',
  'sign-in-refused': 'not-permitted',
  refused: 'error',
  stopped: 'interrupted',
};

/** Response codes with which a server says that it may work later (RFC 5530 §3). */
const LATER: ReadonlySet<string | undefined> = new Set(['UNAVAILABLE', 'INUSE', 'LIMIT', 'OVERQUOTA']);

/** What it means for whoever ran the command. */
export const imapFailure = ({ problem, code, message }: ImapError): Failure => ({
  kind: problem === 'refused' && LATER.has(code) ? 'try-again' : KINDS[problem],
  message,
});

/** What a server says must not drive somebody's terminal. */
const printable = (text: string): string => text.replace(/\p{Cc}|\p{Cf}|[\u2028\u2029]/gu, '\ufffd');
