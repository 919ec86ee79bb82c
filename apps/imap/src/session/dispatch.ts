/** Every command, as data: in which states it may come, whether sequence numbers may shift in its answer, what it does. */
import { capability, check, logout, noop } from '../commands/any-state.ts';
import { append } from '../commands/append.ts';
import { authenticate, login, startTls } from '../commands/auth.ts';
import {
  bad,
  type Context,
  type NotAuthenticated,
  type Outcome,
  type Run,
  type Selected,
  type SessionState,
  type SignedIn,
} from '../commands/context.ts';
import { copy } from '../commands/copy.ts';
import { expunge } from '../commands/expunge.ts';
import { fetch } from '../commands/fetch.ts';
import { idle } from '../commands/idle.ts';
import { create, list, lsub, remove, rename, status, subscribe } from '../commands/mailboxes.ts';
import { search } from '../commands/search.ts';
import { close, select } from '../commands/select.ts';
import { store } from '../commands/store.ts';
import type { CommandName, CommandOf } from '../wire/command.ts';

/** In which states a command may come, and as what its handler gets the state (RFC 3501 §3, §6). */
interface StateOf {
  any: SessionState;
  'not-authenticated': NotAuthenticated;
  'signed-in': SignedIn;
  selected: Selected;
}

/**
 * Whether EXPUNGE may come with the answer: not within FETCH, STORE and SEARCH, whose UID forms are other commands
 * (RFC 3501 §7.4.1).
 */
type ExpungeRule = 'allow' | 'defer';

interface Spec<N extends CommandName, S extends keyof StateOf> {
  readonly states: S;
  readonly expunge: (command: CommandOf<N>) => ExpungeRule;
  readonly run: (context: Context, command: CommandOf<N>, state: StateOf[S]) => Run;
}

type AnySpec<N extends CommandName> = { [S in keyof StateOf]: Spec<N, S> }[keyof StateOf];
type Table = { readonly [N in CommandName]: AnySpec<N> };

const allow = (): ExpungeRule => 'allow';
const onlyByUid = ({ uid }: { readonly uid: boolean }): ExpungeRule => (uid ? 'allow' : 'defer');

const COMMANDS: Table = {
  CAPABILITY: { states: 'any', expunge: allow, run: capability },
  NOOP: { states: 'any', expunge: allow, run: noop },
  LOGOUT: { states: 'any', expunge: allow, run: logout },
  STARTTLS: { states: 'not-authenticated', expunge: allow, run: startTls },
  AUTHENTICATE: { states: 'not-authenticated', expunge: allow, run: authenticate },
  LOGIN: { states: 'not-authenticated', expunge: allow, run: login },
  SELECT: { states: 'signed-in', expunge: allow, run: select },
  EXAMINE: { states: 'signed-in', expunge: allow, run: select },
  CREATE: { states: 'signed-in', expunge: allow, run: create },
  DELETE: { states: 'signed-in', expunge: allow, run: remove },
  RENAME: { states: 'signed-in', expunge: allow, run: rename },
  SUBSCRIBE: { states: 'signed-in', expunge: allow, run: subscribe },
  UNSUBSCRIBE: { states: 'signed-in', expunge: allow, run: subscribe },
  LIST: { states: 'signed-in', expunge: allow, run: list },
  LSUB: { states: 'signed-in', expunge: allow, run: lsub },
  STATUS: { states: 'signed-in', expunge: allow, run: status },
  APPEND: { states: 'signed-in', expunge: allow, run: append },
  IDLE: { states: 'signed-in', expunge: allow, run: idle },
  CHECK: { states: 'selected', expunge: allow, run: check },
  CLOSE: { states: 'selected', expunge: allow, run: close },
  EXPUNGE: { states: 'selected', expunge: allow, run: expunge },
  'UID EXPUNGE': { states: 'selected', expunge: allow, run: expunge },
  SEARCH: { states: 'selected', expunge: onlyByUid, run: search },
  FETCH: { states: 'selected', expunge: onlyByUid, run: fetch },
  STORE: { states: 'selected', expunge: onlyByUid, run: store },
  COPY: { states: 'selected', expunge: allow, run: copy },
};

/** Runs a command where its state allows it, else answers BAD. */
export function dispatch<N extends CommandName>(context: Context, name: N, command: CommandOf<N>): Run {
  const spec: AnySpec<N> = COMMANDS[name];
  const { state } = context;
  switch (spec.states) {
    case 'any':
      return spec.run(context, command, state);
    case 'not-authenticated':
      return state.name === spec.states ? spec.run(context, command, state) : refuse('You are signed in already.');
    case 'signed-in':
      return isSignedIn(state) ? spec.run(context, command, state) : refuse('Sign in first.');
    case 'selected':
      return state.name === spec.states ? spec.run(context, command, state) : refuse(whyNotSelected(state));
  }
}

/** Whether sequence numbers may shift in the answer to a command. */
export function mayExpunge<N extends CommandName>(name: N, command: CommandOf<N>): boolean {
  const spec: AnySpec<N> = COMMANDS[name];
  return spec.expunge(command) === 'allow';
}

function isSignedIn(state: SessionState): state is SignedIn {
  return state.name === 'authenticated' || state.name === 'selected';
}

function whyNotSelected(state: SessionState): string {
  return isSignedIn(state) ? 'Select a mailbox first.' : 'Sign in first.';
}

async function refuse(text: string): Promise<Outcome> {
  return bad(text);
}
