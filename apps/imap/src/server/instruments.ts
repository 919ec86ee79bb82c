/** Things that count, with few labels of few values each: whoever adds a label sees to that. */
import type { HistogramFamily, Labels, NumberFamily } from '../admin/operator.ts';

interface Described {
  readonly name: string;
  readonly help: string;
  /** Names of the labels; their values follow in the same order. */
  readonly labels?: readonly string[];
}

/** What has grown since the process started. */
export class Counter {
  readonly #about: Described;
  readonly #series = new Map<string, { readonly values: readonly string[]; value: number }>();

  /** @param known values that show from the start, at 0: what is not there cannot be watched. */
  constructor(about: Described, known: readonly (readonly string[])[] = about.labels === undefined ? [[]] : []) {
    this.#about = about;
    for (const values of known) this.add(0, ...values);
  }

  add(amount: number, ...values: readonly string[]): void {
    const key = values.join('\0');
    const series = this.#series.get(key);
    if (series === undefined) this.#series.set(key, { values, value: amount });
    else series.value += amount;
  }

  family(): NumberFamily {
    const { name, help, labels = [] } = this.#about;
    const series = [...this.#series.values()].map(({ values, value }) => ({ labels: labelled(labels, values), value }));
    return { type: 'counter', name, help, together: 'sum', series };
  }
}

/** How much of what happened was up to which size. */
export class Histogram {
  readonly #about: Described;
  readonly #bounds: readonly number[];
  readonly #series = new Map<string, { readonly values: readonly string[]; readonly counts: number[]; sum: number }>();

  /** @param bounds ascending. */
  constructor(about: Described, bounds: readonly number[]) {
    this.#about = about;
    this.#bounds = bounds;
  }

  observe(size: number, ...values: readonly string[]): void {
    const key = values.join('\0');
    const series = this.#series.get(key) ?? this.#enter(key, values);
    const at = this.#bounds.findIndex((bound) => size <= bound);
    const bucket = at === -1 ? this.#bounds.length : at;
    series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
    series.sum += size;
  }

  #enter(key: string, values: readonly string[]) {
    const series = { values, counts: new Array<number>(this.#bounds.length + 1).fill(0), sum: 0 };
    this.#series.set(key, series);
    return series;
  }

  family(): HistogramFamily {
    const { name, help, labels = [] } = this.#about;
    const series = [...this.#series.values()].map(({ values, counts, sum }) => ({
      labels: labelled(labels, values),
      counts: [...counts],
      sum,
    }));
    return { type: 'histogram', name, help, bounds: this.#bounds, series };
  }
}

const labelled = (names: readonly string[], values: readonly string[]): Labels =>
  Object.fromEntries(names.map((name, at) => [name, values[at] ?? '']));

/** What is so at this moment, without labels. */
export function gauge(name: string, help: string, value: number, together: 'sum' | 'max' = 'sum'): NumberFamily {
  return { type: 'gauge', name, help, together, series: [{ labels: {}, value }] };
}

/** The same for something that only grows and is counted elsewhere. */
export function total(name: string, help: string, value: number): NumberFamily {
  return { ...gauge(name, help, value), type: 'counter' };
}
