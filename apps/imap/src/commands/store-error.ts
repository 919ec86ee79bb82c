/** What the mail store's refusals are in IMAP (RFC 3501 §7.1, RFC 5530 §3): the only place that maps them. */
import type { StoreError, StoreErrorCode } from '../mailbox/store.ts';
import { no, type Outcome } from './context.ts';
import { storeReplaced } from './farewell.ts';

const CODES: Readonly<Record<Exclude<StoreErrorCode, 'index-replaced'>, SimpleCode>> = {
  'no-such-mailbox': 'NONEXISTENT',
  'mailbox-exists': 'ALREADYEXISTS',
  'invalid-name': 'CANNOT',
  'not-permitted': 'CANNOT',
  vanished: 'EXPUNGEISSUED',
  'quota-exceeded': 'OVERQUOTA',
  'no-space': 'UNAVAILABLE',
  'too-large': 'LIMIT',
  incomplete: 'CLIENTBUG',
  'invalid-keyword': 'LIMIT',
  unavailable: 'UNAVAILABLE',
  'access-denied': 'NOPERM',
};

type SimpleCode =
  | 'NONEXISTENT'
  | 'ALREADYEXISTS'
  | 'CANNOT'
  | 'EXPUNGEISSUED'
  | 'OVERQUOTA'
  | 'UNAVAILABLE'
  | 'LIMIT'
  | 'CLIENTBUG'
  | 'NOPERM';

/** A tagged NO for a refusal of the store. */
export function refused(error: StoreError): Outcome {
  return error.code === 'index-replaced' ? storeReplaced() : no(error.message, { code: CODES[error.code] });
}

/** The same for a command that puts messages into a mailbox, which may be made first (RFC 3501 §6.3.11, §6.4.7). */
export function refusedDestination(error: StoreError): Outcome {
  return error.code === 'no-such-mailbox' ? no(error.message, { code: 'TRYCREATE' }) : refused(error);
}
