import type { Store, SubmissionOutcome } from '../store/port.ts';
import type { Meter } from './meter.ts';

/** Methods of a store that ask or change nothing. */
const NOT_MEASURED: ReadonlySet<PropertyKey> = new Set(['close', 'sessions']);

/** The same store, each of whose calls is measured by its name: those that are added later, too. */
export function measureStore(store: Store, meter: Meter): Store {
  return new Proxy(store, {
    get(target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver);
      if (typeof value !== 'function' || typeof name !== 'string' || NOT_MEASURED.has(name)) return value;
      return (...given: unknown[]) => {
        const result: unknown = value.apply(target, given);
        // What is no promise (a stream of rows) has no one duration.
        if (!(result instanceof Promise)) return result;
        return meter.time(name, () => result, name === 'write' ? hasFailure : undefined);
      };
    },
  });
}

/** A write never rejects: it tells of each submission whether it is stored. */
const hasFailure = (outcomes: unknown): boolean =>
  Array.isArray(outcomes) && outcomes.some(({ kind }: SubmissionOutcome) => kind === 'failed');
