import { type Static, Type } from 'typebox';

const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) => Type.Union([type, Type.Null()]);
const closed = { additionalProperties: false };
/** ISO 8601. */
const moment = Type.String();

const windowMinutes = Type.Integer({ minimum: 1, maximum: 1440 });
const minRequests = Type.Integer({ minimum: 1, maximum: 1_000_000 });

/** What of a metric a rule looks at: fields of a `MetricAggregate`. */
export const ALERT_AGGREGATES = ['avg', 'min', 'max', 'sum', 'rate', 'last', 'p50', 'p95', 'p99'] as const;
export type AlertAggregate = (typeof ALERT_AGGREGATES)[number];

/** When it is bad. What is measured covers the last `windowMinutes`, the minute that has begun included. */
export const AlertCondition = Type.Union([
  /** More than so many percent of the requests fail, of at least so many. */
  Type.Object(
    {
      kind: Type.Literal('failure-rate'),
      abovePercent: Type.Number({ minimum: 0, exclusiveMaximum: 100 }),
      minRequests,
      windowMinutes,
    },
    closed,
  ),
  /** 95 % of the requests take up to more than so many milliseconds, of at least so many. */
  Type.Object(
    {
      kind: Type.Literal('p95'),
      aboveMs: Type.Number({ minimum: 1, maximum: 86_400_000 }),
      minRequests,
      windowMinutes,
    },
    closed,
  ),
  /** Nothing was received from an application that has sent before, for more than so many minutes. */
  Type.Object({ kind: Type.Literal('silence'), minutes: Type.Integer({ minimum: 1, maximum: 10_080 }) }, closed),
  /** An exception of a type and place that the application never threw before. */
  Type.Object({ kind: Type.Literal('new-exception'), windowMinutes }, closed),
  /** What a metric of an application comes to is above a limit, or below it; where it has no points, nothing is bad. */
  Type.Object(
    {
      kind: Type.Literal('metric'),
      /** Of several units of that name the one that was last heard of. */
      metric: Type.String({ minLength: 1, maxLength: 256 }),
      of: Type.Enum([...ALERT_AGGREGATES]),
      direction: Type.Union([Type.Literal('above'), Type.Literal('below')]),
      limit: Type.Number({ minimum: -1e15, maximum: 1e15 }),
      windowMinutes,
    },
    closed,
  ),
  /** More than so many events wait in an API process: in its queue and its spool. Each process is looked at by itself. */
  Type.Object(
    { kind: Type.Literal('backlog'), aboveEvents: Type.Integer({ minimum: 1, maximum: 1_000_000_000 }) },
    closed,
  ),
]);
export type AlertCondition = Static<typeof AlertCondition>;

/** Body of `POST /api/alerts/rules` and `PUT /api/alerts/rules/:id`, and what is stored. */
export const AlertRuleBody = Type.Object(
  {
    /** What the message is called. */
    name: Type.String({ minLength: 1, maxLength: 100, pattern: '^[^\\u0000-\\u001f\\u007f]*$' }),
    enabled: Type.Boolean(),
    /** The application; null: each of them by itself. Has no meaning for `backlog`. */
    app: nullable(Type.String({ minLength: 1, maxLength: 64 })),
    condition: AlertCondition,
    /** How long it must be bad without a break before a message goes out; 0: at once. */
    forMinutes: Type.Integer({ minimum: 0, maximum: 1440 }),
    /** How long it must be good without a break before it counts as over. */
    resolveMinutes: Type.Integer({ minimum: 1, maximum: 1440 }),
    mail: Type.Boolean(),
    /** `https://…`; null: none. */
    webhook: nullable(Type.String({ minLength: 1, maxLength: 2048 })),
  },
  closed,
);
export type AlertRuleBody = Static<typeof AlertRuleBody>;

/** A subject of a rule that is not well: an application, or an API process. */
export const AlertSubject = Type.Object({
  subject: Type.String(),
  /** `pending`: bad, but not for long enough yet. */
  status: Type.Union([Type.Literal('pending'), Type.Literal('firing')]),
  since: moment,
  /** What is measured, as a sentence. */
  message: Type.String(),
});
export type AlertSubject = Static<typeof AlertSubject>;

export const AlertRule = Type.Object({
  id: Type.String(),
  ...AlertRuleBody.properties,
  changedAt: moment,
  /** The worst first. */
  subjects: Type.Array(AlertSubject),
});
export type AlertRule = Static<typeof AlertRule>;

/** How a message to one recipient fares. */
export const AlertDeliveryStatus = Type.Union([
  Type.Literal('waiting'),
  Type.Literal('delivered'),
  /** Given up: it was refused for good, or tried for a day. */
  Type.Literal('failed'),
]);

/** A message to one recipient, as it is listed. */
export const AlertDeliveryState = Type.Object({
  id: Type.String(),
  at: moment,
  rule: Type.String(),
  /** `alice`, `https://hooks.example.net`: the rest of a webhook's address may be a secret. */
  to: Type.String(),
  title: Type.String(),
  status: AlertDeliveryStatus,
  attempts: Type.Integer(),
  /** When it is tried again. */
  dueAt: nullable(moment),
  problem: nullable(Type.String()),
});
export type AlertDeliveryState = Static<typeof AlertDeliveryState>;

/** What happened to a subject of a rule. */
export const AlertHistoryEntry = Type.Object({
  id: Type.String(),
  at: moment,
  ruleId: Type.String(),
  rule: Type.String(),
  subject: Type.String(),
  /** `ended`: the rule was changed, or the subject is not there any more. */
  what: Type.Union([Type.Literal('fired'), Type.Literal('resolved'), Type.Literal('ended')]),
  message: Type.String(),
});
export type AlertHistoryEntry = Static<typeof AlertHistoryEntry>;

/** Answer of `GET /api/alerts`. */
export const AlertsResponse = Type.Object({
  rules: Type.Array(AlertRule),
  /** Messages, newest first. */
  deliveries: Type.Array(AlertDeliveryState),
  /** Whom mails go to; empty: nobody, and `mailProblem` says what to do about it. */
  mailTo: Type.Array(Type.String()),
  mailProblem: nullable(Type.String()),
  /** When this process last looked whether rules hold; null before the first time. */
  evaluatedAt: nullable(moment),
  /** Whether this process is the one that looks at the applications. */
  evaluates: Type.Boolean(),
  /** Why it could not, the last time. */
  problem: nullable(Type.String()),
});
export type AlertsResponse = Static<typeof AlertsResponse>;

/** Query of `GET /api/alerts/history`. `limit`: 1 … 199 entries a page, 50 when absent; `cursor`: `nextCursor` of the page before. */
export const AlertHistoryQuery = Type.Object({
  limit: Type.Optional(Type.String({ pattern: '^(?:[1-9]|[1-9][0-9]|1[0-9][0-9])$' })),
  cursor: Type.Optional(Type.String({ maxLength: 128 })),
});
/** Its answer: newest first. */
export const AlertHistoryResponse = Type.Object({
  entries: Type.Array(AlertHistoryEntry),
  nextCursor: nullable(Type.String()),
});
export type AlertHistoryResponse = Static<typeof AlertHistoryResponse>;

/** Answer of `POST /api/alerts/rules/:id/test`: what became of a message of each kind that the rule sends. */
export const AlertTestResponse = Type.Object({
  results: Type.Array(Type.Object({ to: Type.String(), delivered: Type.Boolean(), problem: nullable(Type.String()) })),
});
export type AlertTestResponse = Static<typeof AlertTestResponse>;
