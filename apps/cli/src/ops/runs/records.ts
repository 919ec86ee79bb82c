/** What stands in a run's journal: a line of JSON for each of these, in the order in which things happened. */
import { type Static, Type } from 'typebox';
import type { Plan } from '../plan/plan.ts';

const World = Type.Record(Type.String(), Type.String());

const Step = Type.Object({
  does: Type.String(),
  action: Type.Object({ kind: Type.String(), data: Type.Unknown() }),
  before: World,
  after: Type.Optional(World),
  canUndo: Type.Boolean(),
});

const PlanData = Type.Object({
  title: Type.String(),
  steps: Type.Array(Step),
  confirm: Type.Optional(Type.String()),
  undoes: Type.Optional(Type.Object({ run: Type.String(), steps: Type.Array(Type.Integer({ minimum: 1 })) })),
});

/** ISO 8601. */
const Time = Type.String();

/** The first line. */
export const Head = Type.Object({
  record: Type.Literal('run'),
  /** Of the journal's form. */
  version: Type.Literal(1),
  at: Time,
  /** The system's user who ran it. */
  by: Type.String(),
  /** Which process (process-identity.ts). */
  process: Type.String(),
  plan: PlanData,
});

const Begin = Type.Object({ record: Type.Literal('begin'), at: Time, step: Type.Integer({ minimum: 1 }) });

const Done = Type.Object({
  record: Type.Literal('done'),
  at: Time,
  step: Type.Integer({ minimum: 1 }),
  /** What the step made of what it touches. */
  after: World,
});

const Failed = Type.Object({
  record: Type.Literal('failed'),
  at: Time,
  step: Type.Integer({ minimum: 1 }),
  message: Type.String(),
});

const End = Type.Object({
  record: Type.Literal('end'),
  at: Time,
  state: Type.Union([Type.Literal('done'), Type.Literal('stale'), Type.Literal('failed'), Type.Literal('interrupted')]),
  message: Type.String(),
});

/** Any line after the first. */
export const Line = Type.Union([Begin, Done, Failed, End]);

export type Head = Omit<Static<typeof Head>, 'plan'> & { readonly plan: Plan };
export type Line = Static<typeof Line>;
