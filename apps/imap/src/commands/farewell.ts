/** The end of a session whose mailbox or store is no longer what the client knows. */
import type { Lost } from '../mailbox/view.ts';
import { no, type Outcome } from './context.ts';

/** What sessions are told whose store was given up. */
export const STORE_REPLACED = 'The index of this mail store was replaced; please sign in again.';

const UNAVAILABLE = { code: 'UNAVAILABLE' } as const;

/** Nothing that a client could do with such a mailbox would be right, so the session ends (RFC 2180 §3.3). */
export function farewell(why: Lost): Outcome {
  return why === 'index-replaced' ? storeReplaced() : { ...no(DELETED, UNAVAILABLE), next: 'bye' };
}

const DELETED = 'The selected mailbox was deleted or renamed; please sign in again.';

/** The answer to a command that met a replaced index: nothing of this store can be relied on, in any session. */
export function storeReplaced(): Outcome {
  return { ...no(STORE_REPLACED, UNAVAILABLE), next: 'abandon-store' };
}
