import { hash } from 'node:crypto';
import type { ParsedEvent } from './event.ts';

/** Bytes of an event's identity hash. */
const HASH_BYTES = 16;

/** Marks which kind of name was hashed, so that an id that spells like a content never meets it. */
const NAMED_BY = { span: 's', id: 'i', content: 'c' } as const;

/**
 * The hash by which a retry is recognised: with application and time it is an event's identity. It covers the kind and
 * the best name that the event has: trace id and span id; else the sender's id; else its whole canonical content (not
 * the application, which stands beside the hash). 16 bytes: the first of SHA-256.
 *
 * The input is framed (each part preceded by its length), so no two different events give the same input, and maps
 * are sorted in a ParsedEvent, so the order of keys does not matter.
 */
export function eventHash(event: ParsedEvent): Uint8Array {
  // As text, a character a byte: a buffer for each digest costs several times the digest.
  const digest = hash('sha256', bestName(event), 'binary');
  const bytes = new Uint8Array(HASH_BYTES);
  for (let at = 0; at < HASH_BYTES; at += 1) bytes[at] = digest.charCodeAt(at);
  return bytes;
}

function bestName(event: ParsedEvent): string {
  if (event.traceId !== undefined && event.spanId !== undefined) {
    return frame([NAMED_BY.span, event.kind, event.traceId, event.spanId]);
  }
  if (event.id !== undefined) return frame([NAMED_BY.id, event.kind, event.id]);
  return frame([NAMED_BY.content, event.kind, ...content(event)]);
}

/** Absent and empty cannot meet, for no text of a ParsedEvent is empty; the order is fixed and every field is there. */
function content(event: ParsedEvent): string[] {
  return [
    `${event.timeMs}.${event.timeUs ?? 0}.${event.timeNs ?? 0}`,
    event.name,
    number(event.durationUs),
    event.success === undefined ? '' : String(event.success),
    event.code ?? '',
    event.operationId ?? '',
    event.parentId ?? '',
    event.spanId ?? '',
    event.traceId ?? '',
    event.message ?? '',
    event.severity ?? '',
    number(event.value),
    event.unit ?? '',
    event.user ?? '',
    event.session ?? '',
    event.instance ?? '',
    event.version ?? '',
    number(event.weight),
    ...map(event.properties),
    ...map(event.measurements),
    // After maps that say how long they are, so one part more is unmistakable.
    ...(event.distinct === undefined ? [] : [event.distinct]),
    // Two parts more, so it meets no digest.
    ...(event.metric === undefined ? [] : ['metric', JSON.stringify(event.metric)]),
  ];
}

const number = (value: number | undefined): string => (value === undefined ? '' : String(value));

/** The number of entries first: where one map ends and the next begins is part of the frame. */
function map(entries: Readonly<Record<string, string | number>> | undefined): string[] {
  if (entries === undefined) return ['0'];
  const keys = Object.keys(entries);
  return [String(keys.length), ...keys.flatMap((key) => [key, String(entries[key])])];
}

/** Well-formed texts map one to one to UTF-8, so lengths in code units frame as well as lengths in bytes. */
function frame(parts: readonly string[]): string {
  let framed = '';
  for (const part of parts) framed += `${part.length}:${part}`;
  return framed;
}
