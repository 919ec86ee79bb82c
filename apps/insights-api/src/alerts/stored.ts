/** What the tables of alerts hold as JSON, read as what it must be: another version of the program may have written it. */
import { AlertDeliveryStatus, AlertHistoryEntry, AlertRuleBody } from '@scorpiox/shared/contract';
import type { AlertDelivery, AlertEntry } from '@scorpiox/shared/database';
import { type Static, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { AlertState } from './machine.ts';

/** A rule with its id. */
export interface Rule extends AlertRuleBody {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly changedAt: number;
}

const State = Type.Union([
  Type.Object({ status: Type.Literal('pending'), since: Type.Number(), seenAt: Type.Number() }),
  Type.Object({
    status: Type.Literal('firing'),
    since: Type.Number(),
    seenAt: Type.Number(),
    clearSince: Type.Optional(Type.Number()),
  }),
]);

/** The subjects of a rule that are not ok. */
export type Subjects = ReadonlyMap<string, { readonly state: AlertState; readonly message: string }>;

const StoredSubjects = Type.Record(Type.String(), Type.Object({ state: State, message: Type.String() }));

/** What a message says: the body of a webhook, and what a mail is made of. Moments are ISO 8601. */
export const Notice = Type.Object({
  version: Type.Literal(1),
  /** The same for every attempt: by it a receiver knows what it has already. */
  id: Type.String(),
  kind: Type.Union([Type.Literal('alert'), Type.Literal('test')]),
  rule: Type.Object({ id: Type.String(), name: Type.String() }),
  at: Type.String(),
  dashboard: Type.String(),
  alerts: Type.Array(
    Type.Object({
      subject: Type.String(),
      status: Type.Union([Type.Literal('firing'), Type.Literal('resolved')]),
      since: Type.String(),
      message: Type.String(),
    }),
  ),
  /** Subjects that are not named for want of room. */
  more: Type.Integer(),
});
export type Notice = Static<typeof Notice>;

/** A message to one recipient, and how it fares. */
export const Message = Type.Object({
  channel: Type.Union([Type.Literal('mail'), Type.Literal('webhook')]),
  /** An address, or a URL. */
  to: Type.String(),
  notice: Notice,
  status: AlertDeliveryStatus,
  attempts: Type.Integer(),
  problem: Type.Union([Type.String(), Type.Null()]),
});
export type Message = Static<typeof Message>;

/** A message as it is stored. */
export interface Delivery extends Pick<AlertDelivery, 'id' | 'at' | 'dueAt'> {
  readonly message: Message;
}

/** Undefined where it is not that. */
function parse<T extends TSchema>(schema: T, body: string): Static<T> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return Value.Check(schema, value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The rule; undefined where another version wrote what this one does not know. */
export function readRule({ id, at, body }: AlertEntry): Rule | undefined {
  const rule = parse(AlertRuleBody, body);
  return rule && { ...rule, id, changedAt: at };
}

/** Empty where it cannot be read: then what is bad is found again. */
export const readSubjects = (body: string | undefined): Subjects =>
  new Map(Object.entries((body === undefined ? undefined : parse(StoredSubjects, body)) ?? {}));

/** Undefined: all are ok, which is not kept. */
export const writeSubjects = (subjects: Subjects): string | undefined =>
  subjects.size === 0 ? undefined : JSON.stringify(Object.fromEntries(subjects));

const Look = Type.Object({ at: Type.Number() });

/** When applications were last looked at, milliseconds since 1970; undefined where that is not known. */
export const readLook = (body: string | undefined): number | undefined =>
  body === undefined ? undefined : parse(Look, body)?.at;

export const writeLook = (at: number): string => JSON.stringify({ at } satisfies Static<typeof Look>);

export const readHistory = ({ body }: AlertEntry): AlertHistoryEntry | undefined => parse(AlertHistoryEntry, body);

export function readDelivery({ body, ...row }: AlertDelivery): Delivery | undefined {
  const message = parse(Message, body);
  return message && { ...row, message };
}

export const writeDelivery = ({ message, ...row }: Delivery): AlertDelivery => ({
  ...row,
  body: JSON.stringify(message),
});
