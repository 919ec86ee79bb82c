import type { Place } from '../../store/questions/overview.ts';

/** A cursor: where the last row of a page stands, as text that fits into an address. */
export const toCursor = ({ value, name }: Place): string =>
  Buffer.from(JSON.stringify([value, name])).toString('base64url');

/** Undefined where the text is no cursor. */
export function readCursor(text: string): Place | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (!Array.isArray(parsed) || parsed.length !== 2) return undefined;
    const [value, name]: unknown[] = parsed;
    const isValue = value === null || typeof value === 'string' || typeof value === 'number';
    return isValue && typeof name === 'string' ? { value, name } : undefined;
  } catch {
    return undefined;
  }
}
