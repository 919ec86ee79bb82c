import { Type } from 'typebox';
import { Value } from 'typebox/value';

type Environment = Readonly<Record<string, string | undefined>>;

/** What the launcher (`scripts/launch.mjs`) put others in place of: null where there was none. */
const Before = Type.Record(Type.String(), Type.Union([Type.String(), Type.Null()]));

/**
 * The environment as it was before the launcher put the project's own Node and tools into it: what a program gets that is no part
 * of the project, or a shell in it would run our `node`.
 */
export function outsideEnvironment({ SCORPIOX_LAUNCHED: text, ...env }: Environment): Environment {
  const before = Object.entries(parseBefore(text)).map(([name, value]) => [name, value ?? undefined]);
  return { ...env, ...Object.fromEntries(before) };
}

function parseBefore(text: string | undefined): Readonly<Record<string, string | null>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return Value.Check(Before, value) ? value : {};
  } catch {
    return {}; // somebody else's
  }
}
