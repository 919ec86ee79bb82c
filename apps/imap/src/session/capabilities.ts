/** What this server offers, as data: the name, where it comes from, and when it applies. */

import { maySignIn } from '../commands/auth.ts';
import type { SessionState, Transport } from '../commands/context.ts';

interface Capability {
  readonly name: string;
  readonly source: string;
  readonly applies: (state: SessionState['name'], transport: Transport) => boolean;
}

const always = () => true;

const CAPABILITIES: readonly Capability[] = [
  { name: 'IMAP4rev1', source: 'RFC 3501', applies: always },
  { name: 'LITERAL+', source: 'RFC 7888', applies: always },
  { name: 'CHILDREN', source: 'RFC 3348', applies: always },
  { name: 'IDLE', source: 'RFC 2177', applies: always },
  { name: 'UIDPLUS', source: 'RFC 4315', applies: always },
  { name: 'STARTTLS', source: 'RFC 3501 §6.2.1', applies: (state, { secure }) => isStranger(state) && !secure },
  { name: 'LOGINDISABLED', source: 'RFC 3501 §6.2.3', applies: (state, at) => isStranger(state) && !maySignIn(at) },
  { name: 'AUTH=PLAIN', source: 'RFC 4616', applies: (state, at) => isStranger(state) && maySignIn(at) },
];

/** The names of those that apply. */
export function capabilitiesIn(state: SessionState['name'], transport: Transport): string[] {
  return CAPABILITIES.filter((capability) => capability.applies(state, transport)).map(({ name }) => name);
}

function isStranger(state: SessionState['name']): boolean {
  return state === 'not-authenticated';
}
