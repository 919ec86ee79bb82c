/*
 * Reading JSON of which only the standard is known, not the sender: each function gives the value if it is there in a
 * form that can be understood, and undefined otherwise. Text is cut later, where all formats meet.
 */

export type Fields = Readonly<Record<string, unknown>>;

export function asFields(value: unknown): Fields | undefined {
  // A JSON object that is no array has string keys and nothing else.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** Text; numbers and booleans as they are written. */
export function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** A finite number, also one that is written as text. */
export function asNumber(value: unknown): number | undefined {
  if (typeof value === 'string' && value.trim() === '') return undefined;
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** True or false, also as text or 0 and 1. */
export function asBoolean(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const text = asText(value)?.toLowerCase();
  if (text === 'true' || text === '1') return true;
  return text === 'false' || text === '0' ? false : undefined;
}

/** Any value as text: what is neither text nor number as JSON. */
function toText(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : (asText(value) ?? stringify(value));
}

function stringify(value: unknown): string | undefined {
  if (value === '') return undefined;
  try {
    return JSON.stringify(value);
  } catch (error) {
    // Nested deeper than JSON.stringify's stack: parsing has no such bound. A place holder keeps the rest.
    if (error instanceof RangeError) return '[nested too deeply]';
    throw error;
  }
}

/** A map of texts from one of anything; what has no text is left out. */
export function textMap(value: unknown): Record<string, string> {
  const fields = asFields(value);
  const entries: [string, string][] = [];
  for (const key in fields) {
    const text = toText(fields[key]);
    if (text !== undefined) entries.push([key, text]);
  }
  // fromEntries defines each key as the map's own, `__proto__` too.
  return Object.fromEntries(entries);
}
