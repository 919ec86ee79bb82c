/** Every command, as data: in which states it may come, what of the mailbox may be told in its answer, what it does. */
import { capability, check, id, logout, namespace, noop } from '../commands/any-state.ts';
import { append } from '../commands/append.ts';
import { authenticate, login, startTls } from '../commands/auth.ts';
import { compress } from '../commands/compress.ts';
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
import { copy, move } from '../commands/copy.ts';
import { enable } from '../commands/enable.ts';
import { expunge } from '../commands/expunge.ts';
import { fetch } from '../commands/fetch.ts';
import { idle } from '../commands/idle.ts';
import { list, lsub } from '../commands/list.ts';
import { create, remove, rename, subscribe } from '../commands/mailboxes.ts';
import { search } from '../commands/search.ts';
import { close, select, unselect } from '../commands/select.ts';
import { status } from '../commands/status.ts';
import { store } from '../commands/store.ts';
import type { CommandName, CommandOf } from '../wire/command.ts';
import { namesNumbers } from './enabling.ts';

/** In which states a command may come, and as what its handler gets the state (RFC 3501 §3, §6). */
interface StateOf {
  any: SessionState;
  'not-authenticated': NotAuthenticated;
  'signed-in': SignedIn;
  selected: Selected;
}

/**
 * What of the selected mailbox may be told before the tagged response. `defer`: all but EXPUNGE, which may not come within
 * FETCH, STORE and SEARCH; their UID forms are other commands (RFC 3501 §7.4.1). `silent`: nothing, since the client no
 * longer has that mailbox in mind, or is to learn everything about it in this very answer.
 */
type ExpungeRule = 'allow' | 'defer' | 'silent';

interface Spec<N extends CommandName, S extends keyof StateOf> {
  readonly states: S;
  readonly expunge: (command: CommandOf<N>) => ExpungeRule;
  readonly run: (context: Context, command: CommandOf<N>, state: StateOf[S]) => Run;
}

type AnySpec<N extends CommandName> = { [S in keyof StateOf]: Spec<N, S> }[keyof StateOf];
type Table = { readonly [N in CommandName]: AnySpec<N> };

const allow = (): ExpungeRule => 'allow';
const silent = (): ExpungeRule => 'silent';
const onlyByUid = ({ uid }: { readonly uid: boolean }): ExpungeRule => (uid ? 'allow' : 'defer');
/** A UID SEARCH may name sequence numbers as well (RFC 7162 §3.2.10.2). */
const onlyWithoutNumbers = ({ uid, criteria }: CommandOf<'SEARCH'>): ExpungeRule =>
  uid && !namesNumbers(criteria) ? 'allow' : 'defer';

const COMMANDS: Table = {
  CAPABILITY: { states: 'any', expunge: allow, run: capability },
  NOOP: { states: 'any', expunge: allow, run: noop },
  ID: { states: 'any', expunge: allow, run: id },
  LOGOUT: { states: 'any', expunge: silent, run: logout },
  STARTTLS: { states: 'not-authenticated', expunge: allow, run: startTls },
  AUTHENTICATE: { states: 'not-authenticated', expunge: allow, run: authenticate },
  LOGIN: { states: 'not-authenticated', expunge: allow, run: login },
  SELECT: { states: 'signed-in', expunge: silent, run: select },
  EXAMINE: { states: 'signed-in', expunge: silent, run: select },
  COMPRESS: { states: 'signed-in', expunge: allow, run: compress },
  ENABLE: { states: 'signed-in', expunge: allow, run: enable },
  NAMESPACE: { states: 'signed-in', expunge: allow, run: namespace },
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
  CLOSE: { states: 'selected', expunge: silent, run: close },
  UNSELECT: { states: 'selected', expunge: silent, run: unselect },
  EXPUNGE: { states: 'selected', expunge: allow, run: expunge },
  'UID EXPUNGE': { states: 'selected', expunge: allow, run: expunge },
  SEARCH: { states: 'selected', expunge: onlyWithoutNumbers, run: search },
  FETCH: { states: 'selected', expunge: onlyByUid, run: fetch },
  STORE: { states: 'selected', expunge: onlyByUid, run: store },
  COPY: { states: 'selected', expunge: allow, run: copy },
  MOVE: { states: 'selected', expunge: allow, run: move },
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

/** What of the selected mailbox may be told in the answer to a command. */
export function expungeRule<N extends CommandName>(name: N, command: CommandOf<N>): ExpungeRule {
  const spec: AnySpec<N> = COMMANDS[name];
  return spec.expunge(command);
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
