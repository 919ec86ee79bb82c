/** What this server offers, as data: the name, where it comes from, and when it applies. */

import { maySignIn } from '../commands/auth.ts';
import type { SessionState, Transport } from '../commands/context.ts';

interface Capability {
  readonly name: string;
  readonly source: string;
  readonly applies: (state: SessionState['name'], transport: Transport) => boolean;
  /** What stands behind its "=". */
  readonly value?: (server: { readonly messageSize: number }) => number;
}

const always = () => true;

const CAPABILITIES: readonly Capability[] = [
  { name: 'IMAP4rev1', source: 'RFC 3501', applies: always },
  { name: 'IMAP4rev2', source: 'RFC 9051', applies: always },
  { name: 'LITERAL-', source: 'RFC 7888 §5', applies: isStranger },
  { name: 'LITERAL+', source: 'RFC 7888 §4', applies: isSignedIn },
  { name: 'CHILDREN', source: 'RFC 3348', applies: always },
  { name: 'IDLE', source: 'RFC 2177', applies: always },
  { name: 'UIDPLUS', source: 'RFC 4315', applies: always },
  { name: 'NAMESPACE', source: 'RFC 2342', applies: always },
  { name: 'ID', source: 'RFC 2971', applies: always },
  { name: 'ENABLE', source: 'RFC 5161', applies: always },
  { name: 'UNSELECT', source: 'RFC 3691', applies: always },
  { name: 'MOVE', source: 'RFC 6851', applies: always },
  { name: 'CONDSTORE', source: 'RFC 7162', applies: always },
  { name: 'QRESYNC', source: 'RFC 7162', applies: always },
  { name: 'UTF8=ACCEPT', source: 'RFC 6855', applies: isSignedIn },
  { name: 'LIST-EXTENDED', source: 'RFC 5258', applies: isSignedIn },
  { name: 'LIST-STATUS', source: 'RFC 5819', applies: isSignedIn },
  { name: 'SPECIAL-USE', source: 'RFC 6154 §2', applies: isSignedIn },
  { name: 'CREATE-SPECIAL-USE', source: 'RFC 6154 §3', applies: isSignedIn },
  { name: 'MULTIAPPEND', source: 'RFC 3502', applies: isSignedIn },
  { name: 'STATUS=SIZE', source: 'RFC 8438', applies: isSignedIn },
  { name: 'APPENDLIMIT', source: 'RFC 7889', applies: isSignedIn, value: ({ messageSize }) => messageSize },
  {
    name: 'COMPRESS=DEFLATE',
    source: 'RFC 4978',
    applies: (state, { compressed }) => isSignedIn(state) && compressed === false,
  },
  { name: 'ESEARCH', source: 'RFC 4731', applies: isSignedIn },
  { name: 'SEARCHRES', source: 'RFC 5182', applies: isSignedIn },
  { name: 'WITHIN', source: 'RFC 5032', applies: isSignedIn },
  { name: 'BINARY', source: 'RFC 3516', applies: isSignedIn },
  { name: 'OBJECTID', source: 'RFC 8474', applies: isSignedIn },
  { name: 'STARTTLS', source: 'RFC 3501 §6.2.1', applies: (state, { secure }) => isStranger(state) && !secure },
  { name: 'LOGINDISABLED', source: 'RFC 3501 §6.2.3', applies: (state, at) => isStranger(state) && !maySignIn(at) },
  { name: 'SASL-IR', source: 'RFC 4959', applies: isStranger },
  {
    name: 'AUTH=SCRAM-SHA-256-PLUS',
    source: 'RFC 7677',
    applies: (state, at) => mayUse(state, at) && at.secure && at.channelBinding !== undefined,
  },
  { name: 'AUTH=SCRAM-SHA-256', source: 'RFC 7677', applies: mayUse },
  { name: 'AUTH=PLAIN', source: 'RFC 4616', applies: mayUse },
  { name: 'AUTH=LOGIN', source: 'draft-murchison-sasl-login', applies: mayUse },
];

/** The names of those that apply. `messageSize`: octets that a message may have. */
export function capabilitiesIn(state: SessionState['name'], transport: Transport, messageSize: number): string[] {
  const applying = CAPABILITIES.filter((capability) => capability.applies(state, transport));
  return applying.map(({ name, value }) => (value === undefined ? name : `${name}=${value({ messageSize })}`));
}

function isStranger(state: SessionState['name']): boolean {
  return state === 'not-authenticated';
}

function isSignedIn(state: SessionState['name']): boolean {
  return !isStranger(state);
}

function mayUse(state: SessionState['name'], transport: Transport): boolean {
  return isStranger(state) && maySignIn(transport);
}
