/**
 * What primary and workers say to each other. Both are the same program, started from the same files, so nothing here has
 * a version; what comes in is looked at all the same before anybody acts on it, and what is not of these is refused.
 */
import type { LogCursor, TraceRequest } from '../admin/operator.ts';
import type { Verdict } from '../server/admission.ts';
import type { Door } from '../server/ports.ts';
import type { Settings } from './settings.ts';

/** What a worker asks. */
export type WorkerQuestion =
  /** When may this sign-in be looked at? Told `go`, then, or `busy`. */
  | { readonly name: 'turn'; readonly address: string | null; readonly login: string }
  /** May this user have one more connection, which this one then is? Told a boolean. */
  | { readonly name: 'place'; readonly connection: number; readonly user: string };

/** What an operator asks of each worker; told what `Operator` says. */
export type OperatorQuestion =
  | { readonly name: 'sessions' | 'reload' | 'metrics' | 'traces' }
  | { readonly name: 'logs'; readonly after: LogCursor | null }
  | { readonly name: 'kick'; readonly session: string }
  | { readonly name: 'startTrace'; readonly request: TraceRequest }
  | { readonly name: 'stopTrace'; readonly trace: string };

type Told =
  | { readonly kind: 'told'; readonly id: number; readonly told: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly why: string };

export type ToWorker =
  /** The first message: who it is, and what it is to serve. */
  | { readonly kind: 'serve'; readonly worker: number; readonly settings: Settings }
  /** The message has the socket with it. */
  | { readonly kind: 'connection'; readonly connection: number; readonly door: Door; readonly verdict: Verdict }
  | { readonly kind: 'ask'; readonly id: number; readonly question: OperatorQuestion }
  | Told;

export type FromWorker =
  | { readonly kind: 'ready' }
  /** It ends, for a reason that would be the same next time; a sentence for the operator. */
  | { readonly kind: 'cannot-start'; readonly why: string }
  /** The socket has come, and is not the primary's any more; it has signed in; it is gone. */
  | { readonly kind: 'taken' | 'signed-in' | 'gone'; readonly connection: number }
  /** What a sign-in that was let go came to; nobody waits for it any more where it was not. */
  | { readonly kind: 'judged'; readonly id: number; readonly judgement: 'good' | 'bad' | 'unjudged' }
  | { readonly kind: 'ask'; readonly id: number; readonly question: WorkerQuestion }
  | Told;

type Check = (value: unknown) => boolean;
type Shape = Readonly<Record<string, Check>>;
type Shapes<Kind extends string> = Readonly<Record<Kind, Shape>>;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isNumber: Check = (value) => typeof value === 'number';
const isText: Check = (value) => typeof value === 'string';
const isAnything: Check = () => true;
const oneOf =
  (...names: readonly string[]): Check =>
  (value) =>
    names.includes(String(value));

const has = (value: Record<string, unknown>, shape: Shape): boolean =>
  Object.entries(shape).every(([name, check]) => check(value[name]));

/** Whether it is one of these, told apart by the field `by`. */
const isOneOf =
  (by: string, shapes: Readonly<Record<string, Shape>>): Check =>
  (value) => {
    if (!isRecord(value)) return false;
    const shape = new Map(Object.entries(shapes)).get(String(value[by]));
    return shape !== undefined && has(value, shape);
  };

const TOLD: Shapes<Told['kind']> = {
  told: { id: isNumber, told: isAnything },
  failed: { id: isNumber, why: isText },
};

const OPERATOR_QUESTIONS: Shapes<OperatorQuestion['name']> = {
  sessions: {},
  reload: {},
  metrics: {},
  traces: {},
  // As parseCursor of the primary has made it.
  logs: { after: (value) => value === null || isRecord(value) },
  kick: { session: isText },
  // As parseTraceRequest of the primary has made it.
  startTrace: { request: isRecord },
  stopTrace: { trace: isText },
};

const WORKER_QUESTIONS: Shapes<WorkerQuestion['name']> = {
  turn: { address: (value) => value === null || isText(value), login: isText },
  place: { connection: isNumber, user: isText },
};

const TO_WORKER: Shapes<ToWorker['kind']> = {
  ...TOLD,
  serve: { worker: isNumber, settings: isRecord },
  connection: {
    connection: isNumber,
    door: oneOf('imap', 'imaps', 'lmtp'),
    verdict: oneOf('served', 'refused'),
  },
  ask: { id: isNumber, question: isOneOf('name', OPERATOR_QUESTIONS) },
};

const FROM_WORKER: Shapes<FromWorker['kind']> = {
  ...TOLD,
  ready: {},
  'cannot-start': { why: isText },
  taken: { connection: isNumber },
  'signed-in': { connection: isNumber },
  gone: { connection: isNumber },
  judged: { id: isNumber, judgement: oneOf('good', 'bad', 'unjudged') },
  ask: { id: isNumber, question: isOneOf('name', WORKER_QUESTIONS) },
};

/** Undefined where it is no message to a worker. `settings` are the primary's own, packed by settings.ts. */
export const parseToWorker = (value: unknown): ToWorker | undefined =>
  // Every field of the kind was looked at; those of `settings` are what the same program has packed.
  isOneOf('kind', TO_WORKER)(value) ? (value as ToWorker) : undefined;

/** Undefined where it is no message from a worker. */
export const parseFromWorker = (value: unknown): FromWorker | undefined =>
  isOneOf('kind', FROM_WORKER)(value) ? (value as FromWorker) : undefined; // every field of the kind was looked at
