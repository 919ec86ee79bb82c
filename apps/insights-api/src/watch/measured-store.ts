import type { Store, SubmissionOutcome } from '../store/port.ts';
import type { Meter } from './meter.ts';

/** Methods of a store that ask or change nothing. */
const NOT_MEASURED: ReadonlySet<PropertyKey> = new Set(['close', 'sessions']);

/** The same store, each of whose calls is measured by its name: those that are added later, too. */
export const measureStore = (store: Store, meter: Meter): Store => measure(store, meter, '');

/** `prefix`: the name of the part of the store that `target` is. */
function measure<T extends object>(target: T, meter: Meter, prefix: string): T {
  return new Proxy(target, {
    get(_target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver);
      if (typeof name !== 'string' || NOT_MEASURED.has(name) || value instanceof Promise) return value;
      if (typeof value === 'object' && value !== null) return measure(value, meter, `${prefix}${name}.`);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]) => {
        const result: unknown = value.apply(target, given);
        // What is no promise (a stream of rows) has no one duration.
        if (!(result instanceof Promise)) return result;
        return meter.time(`${prefix}${nameOf(name, given)}`, () => result, name === 'write' ? hasFailure : undefined);
      };
    },
  });
}

/** One method answers all questions of the overview, each named by its first argument: one of a few words, nobody's data. */
const nameOf = (name: string, [ask]: readonly unknown[]): string =>
  name === 'askOverview' && typeof ask === 'string' ? `overview.${ask}` : name;

/** A write never rejects: it tells of each submission whether it is stored. */
const hasFailure = (outcomes: unknown): boolean =>
  Array.isArray(outcomes) && outcomes.some(({ kind }: SubmissionOutcome) => kind === 'failed');
