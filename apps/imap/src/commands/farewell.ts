/** The end of a session whose mailbox is no longer what the client knows. */
import type { Lost } from '../mailbox/view.ts';
import type { Outcome } from './context.ts';

const TEXTS: Readonly<Record<Lost, string>> = {
  deleted: 'The selected mailbox was deleted or renamed; please sign in again.',
  renumbered: 'The messages of the selected mailbox have new UIDs; please sign in again.',
};

/** Nothing that a client could do with such a mailbox would be right, so the session ends (RFC 2180 §3.3). */
export function farewell(why: Lost): Outcome {
  return { condition: 'NO', text: TEXTS[why], code: { code: 'UNAVAILABLE' }, next: 'bye' };
}
