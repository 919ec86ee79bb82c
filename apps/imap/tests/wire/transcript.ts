// Drives a framer as a session does: pulls after every push, and decides at every literal.

import type { Frame } from '../../src/wire/frame.ts';
import { Framer } from '../../src/wire/framer.ts';
import { AFTER_SIGN_IN, type FramerLimits } from '../../src/wire/limits.ts';

type Decide = (frame: Frame) => 'accept' | 'refuse';

/** Frames as comparable values; an APPEND's data in one string. */
export interface Seen {
  readonly kind: string;
  readonly [detail: string]: unknown;
}

export const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const text = (octets: Uint8Array): string => Buffer.from(octets).toString('latin1');

function seen(frame: Frame): Seen {
  switch (frame.kind) {
    case 'command':
      return {
        kind: 'command',
        text: text(frame.raw.bytes),
        literals: frame.raw.literals.map((l) => [l.start, l.length]),
      };
    case 'append':
      return { kind: 'append', head: frame.head, synchronizing: frame.synchronizing };
    case 'append-data':
      return { kind: 'append-data', text: text(frame.chunk) };
    case 'line':
      return { kind: 'line', text: text(frame.bytes) };
    default:
      return { ...frame };
  }
}

export function run(
  chunks: readonly Uint8Array[],
  limits: FramerLimits = AFTER_SIGN_IN,
  decide: Decide = () => 'accept',
): { readonly frames: readonly Seen[]; readonly framer: Framer } {
  const framer = new Framer(limits);
  const frames: Seen[] = [];
  for (const chunk of chunks) {
    framer.push(chunk);
    for (let frame = framer.next(); frame !== undefined; frame = framer.next()) {
      const last = frames.at(-1);
      if (frame.kind === 'append-data' && last?.kind === 'append-data') {
        frames[frames.length - 1] = { kind: 'append-data', text: `${last.text}${text(frame.chunk)}` };
      } else {
        frames.push(seen(frame));
      }
      if (asks(frame)) framer[decide(frame)]();
    }
    if (framer.buffered >= limits.line) throw new Error('the framer holds more than it promised');
  }
  return { frames, framer };
}

/** Whether the framer waits for a decision after that frame. */
export const asks = ({ kind }: Frame): boolean =>
  kind === 'literal-wanted' || kind === 'append' || kind === 'append-next';

/** The text in chunks of `size`. */
export function cut(all: string, size: number): readonly Uint8Array[] {
  const octets = bytes(all);
  return Array.from({ length: Math.ceil(octets.length / size) }, (_, i) => octets.slice(i * size, (i + 1) * size));
}

/** The framer's next frame as a comparable value. */
export function pull(framer: Framer, mode: 'command' | 'line' = 'command'): Seen | undefined {
  const frame = framer.next(mode);
  return frame === undefined ? undefined : seen(frame);
}
