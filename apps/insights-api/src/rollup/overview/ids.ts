import { hash } from 'node:crypto';

/** Names whose ids are remembered: the same few come again and again. */
const REMEMBERED = 10_000;
const known = new Map<string, Uint8Array>();

/** The id that stands for a text in keys: the first 16 bytes of its SHA-256. */
export function idOf(text: string): Uint8Array {
  const there = known.get(text);
  if (there !== undefined) return there;
  if (known.size >= REMEMBERED) known.clear();
  const id = Uint8Array.from(hash('sha256', text, 'buffer').subarray(0, 16));
  known.set(text, id);
  return id;
}

/** Stands for all that are not told apart. */
export const OTHER = '(other)';
