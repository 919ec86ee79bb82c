import { inspect } from 'node:util';
import type { Secret } from './config.ts';

/** Wraps a value so that string conversion, JSON and `console.log` show `[secret]`; only `reveal()` gives it away. */
export function secret(value: string): Secret {
  const redacted = () => '[secret]' as const;
  const wrapped = { reveal: () => value, toString: redacted, toJSON: redacted, [inspect.custom]: redacted };
  return Object.freeze(wrapped);
}
