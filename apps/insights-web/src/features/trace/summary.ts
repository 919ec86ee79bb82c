/** What is to be said of a trace as a whole. Pure. */
import type { TraceResponse, TraceSpan } from '@scorpiox/shared/contract';
import { toneOf } from '../events/tone.ts';

export interface TraceSummary {
  /** The operation that the others belong to: of the spans without a parent here the longest. */
  readonly root: TraceSpan | undefined;
  readonly failures: number;
  /** Spans that name a parent which is not here. */
  readonly orphans: number;
}

const longer = (longest: TraceSpan | undefined, span: TraceSpan): TraceSpan =>
  longest === undefined || span.durationMs > longest.durationMs ? span : longest;

export function summaryOf({ spans, logs }: TraceResponse): TraceSummary {
  const tops = spans.filter((span) => span.parent === null);
  const complete = tops.filter((span) => span.parentId === null);
  return {
    root: (complete.length > 0 ? complete : tops).reduce<TraceSpan | undefined>(longer, undefined),
    failures: [...spans, ...logs].filter((one) => toneOf(one) === 'fail').length,
    orphans: tops.length - complete.length,
  };
}

/** Colours of styles.css for applications, in the order in which they come. Beside each stands its name. */
const COLOURS = ['accent', 'violet', 'teal', 'rose', 'healthy', 'silent', 'muted'] as const;

/** The colour of each application of a trace, as a value of CSS. */
export const coloursOf = (apps: readonly string[]): ReadonlyMap<string, string> =>
  new Map(apps.map((app, place) => [app, `var(--color-${COLOURS[place % COLOURS.length]})`]));

export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Stretches by the span that they are of. */
export function bySpan(stretches: readonly (Stretch & { readonly span: number })[]): ReadonlyMap<number, Stretch[]> {
  return Map.groupBy(stretches, ({ span }) => span);
}
