/** What a chart over time shows. Pure. */

/** Colours of series, by their names in styles.css: each passes 3:1 on the page's surfaces, in both themes. */
type Colour = 'accent' | 'fail' | 'silent' | 'healthy' | 'violet' | 'teal' | 'rose' | 'muted';

/** How a line is drawn, so that no two are told apart by colour alone. */
export type Stroke = 'solid' | 'dashed' | 'dotted';

/** Lengths of a stroke and of the gap after it, pixels. */
export const DASHES: Record<Stroke, number[]> = { solid: [], dashed: [7, 4], dotted: [2, 3] };

export interface Series {
  readonly name: string;
  readonly colour: Colour;
  /** `line` unless given. Bars stand over their whole step, later series before earlier ones. */
  readonly shape?: 'line' | 'bars';
  /** Of a line; `solid` unless given. */
  readonly stroke?: Stroke;
  /** One for each step, oldest first; null where there is nothing. */
  readonly values: readonly (number | null)[];
}

/** Something that happened at a moment, milliseconds since 1970. */
export interface Mark {
  readonly at: number;
  readonly name: string;
}

/** Equal steps, oldest first. */
export interface Steps {
  /** Where the first begins, milliseconds since 1970. */
  readonly start: number;
  readonly seconds: number;
  readonly count: number;
}

/** Where a step begins, milliseconds since 1970. */
export const stepStart = ({ start, seconds }: Steps, index: number): number => start + index * seconds * 1000;

/** The last index at which any of the series has a value; -1 when none has. */
export const lastIndex = (series: readonly Series[]): number =>
  Math.max(-1, ...series.map(({ values }) => values.findLastIndex((value) => value !== null)));

/** A series in words: its greatest value and when that was, and its newest. */
export function describe({ name, values }: Series, steps: Steps, format: Format, time: (at: number) => string): string {
  const known = values.flatMap((value, index) => (value === null ? [] : [{ value, index }]));
  const newest = known.at(-1);
  if (newest === undefined) return `${name}: nothing in this time range`;
  const greatest = known.reduce((most, one) => (one.value > most.value ? one : most));
  return `${name}: at most ${format(greatest.value)} at ${time(stepStart(steps, greatest.index))}, latest ${format(newest.value)}`;
}

/** How a value reads. */
export type Format = (value: number | null) => string;
