/** What is kept of a client's ID (RFC 2971): enough to tell programs and versions apart, and little of it. */
import { CLIENT_IDENTITY } from '../limits.ts';

export type ClientIdentity = Readonly<Record<string, string>>;

const KEPT: ReadonlySet<string> = new Set(['name', 'version', 'vendor', 'os', 'os-version']);

/** Field names are folded to lower case (RFC 2971 §3.3: they are case-insensitive). Undefined where nothing is told. */
export function identityOf(fields: readonly (readonly [string, string | null])[] | null): ClientIdentity | undefined {
  const kept = (fields ?? []).flatMap(([name, value]) => {
    const field = name.toLowerCase();
    return value === null || !KEPT.has(field) ? [] : [[field, value.slice(0, CLIENT_IDENTITY)] as const];
  });
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}
