import type { ParsedEvent } from '@scorpiox/shared/telemetry';

/*
 * Ends of calls
 *
 * A call from one application to another leaves two events: a dependency with the caller, and a request with the callee
 * whose parent is that dependency, both under one operation id. They come in any order, in different batches, by
 * different processes. So each transaction that stores events also stores, in one column of one row, the ends that it
 * had: a number for each (made of operation and span), the application, and what a rollup needs of a request. They are
 * put together a little later, in the order in which they were stored (linker.ts).
 */

export interface Caller {
  readonly key: number;
  readonly appId: number;
}

export interface Callee extends Caller {
  /** Whole minutes since 1970. */
  readonly minute: number;
  /** Microseconds; undefined where the request has none. */
  readonly durationUs: number | undefined;
  readonly weight: number;
  readonly failed: boolean;
}

export interface CallEnds {
  readonly callers: readonly Caller[];
  readonly callees: readonly Callee[];
}

/** Dependencies that no application answers: they need no place among the callers. */
const UNANSWERED = /^(?:InProc|SQL|Redis)\b/i;

/** Older Application Insights SDKs write `|operation.span.` where others write the span. */
const HIERARCHICAL = /^\|[^.]+\.([^.]+)\.$/;

const spanOf = (id: string): string => HIERARCHICAL.exec(id)?.[1] ?? id;

/** The end of a call that an event is. */
export function callEndOf(appId: number, event: ParsedEvent): { caller?: Caller; callee?: Callee } {
  const { kind, operationId } = event;
  if (operationId === undefined) return {};
  if (kind === 'dependency') {
    const id = event.spanId ?? event.id;
    if (id === undefined || UNANSWERED.test(event.properties?.['dependency.type'] ?? event.properties?.type ?? ''))
      return {};
    return { caller: { key: keyOf(operationId, spanOf(id)), appId } };
  }
  if (kind !== 'request' || event.parentId === undefined || event.parentId === operationId) return {};
  return {
    callee: {
      key: keyOf(operationId, spanOf(event.parentId)),
      appId,
      minute: Math.floor(event.timeMs / 60_000),
      durationUs: event.durationUs,
      weight: event.weight,
      failed: event.success === false,
    },
  };
}

/**
 * A number of 53 bits for a span of an operation: two multiplicative hashes of 32 bits, of which 21 of one are used. Of a
 * million spans at once two meet by chance in one case of 18,000, and then one call is drawn where there was none.
 */
function keyOf(operationId: string, span: string): number {
  let a = 0x9e3779b1;
  let b = 0x85ebca77;
  for (const text of [operationId, span]) {
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index);
      a = Math.imul(a ^ unit, 0xcc9e2d51);
      b = Math.imul(b ^ unit, 0x1b873593);
    }
    a = Math.imul(a ^ 0x10000, 0xcc9e2d51);
    b = Math.imul(b ^ 0x10000, 0x1b873593);
  }
  a = Math.imul(a ^ (a >>> 15), 0x2c1b3c6d) ^ (b >>> 13);
  b = Math.imul(b ^ (b >>> 16), 0x297a2d39) ^ (a >>> 12);
  return (b >>> 11) * 2 ** 32 + (a >>> 0);
}

const CALLER_FIELDS = 2;
const CALLEE_FIELDS = 6;
/** What stands for no duration. */
const NONE = -1;

/** As one column: doubles, how many callers first, then the callers, then the callees. */
export function packCallEnds({ callers, callees }: CallEnds): Uint8Array {
  const numbers = new Float64Array(1 + callers.length * CALLER_FIELDS + callees.length * CALLEE_FIELDS);
  numbers[0] = callers.length;
  let at = 1;
  for (const { key, appId } of callers) {
    numbers[at++] = key;
    numbers[at++] = appId;
  }
  for (const { key, appId, minute, durationUs = NONE, weight, failed } of callees) {
    numbers.set([key, appId, minute, durationUs, weight, Number(failed)], at);
    at += CALLEE_FIELDS;
  }
  return new Uint8Array(numbers.buffer);
}

export function unpackCallEnds(bytes: Uint8Array): CallEnds {
  // A view of doubles must begin at a multiple of eight, which what a driver gives need not.
  const numbers = new Float64Array(Uint8Array.from(bytes).buffer);
  const [count = 0] = numbers;
  const at = (index: number): number => numbers[index] ?? 0;
  const callers = Array.from({ length: count }, (_, index) => {
    const start = 1 + index * CALLER_FIELDS;
    return { key: at(start), appId: at(start + 1) };
  });
  const first = 1 + count * CALLER_FIELDS;
  const callees = Array.from({ length: (numbers.length - first) / CALLEE_FIELDS }, (_, index) => {
    const start = first + index * CALLEE_FIELDS;
    const duration = at(start + 3);
    return {
      key: at(start),
      appId: at(start + 1),
      minute: at(start + 2),
      durationUs: duration === NONE ? undefined : duration,
      weight: at(start + 4),
      failed: at(start + 5) === 1,
    };
  });
  return { callers, callees };
}
