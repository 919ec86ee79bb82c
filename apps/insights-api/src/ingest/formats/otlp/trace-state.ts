/** Thresholds are written in up to 14 hex digits, trailing zeros left out. */
const DIGITS = 14;
const ALL = 2n ** 56n;

/**
 * For how many spans one stands that was sampled by probability: `ot=th:…` of the trace state says below which of 2^56
 * random values spans were thrown away (opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling). 1 where
 * nothing is said, or nonsense.
 */
export function weightOf(traceState: string): number {
  const threshold = /(?:^|,)\s*ot=(?:[^,]*;)?th:([0-9a-f]{1,14})(?:[;,\s]|$)/.exec(traceState)?.[1];
  if (threshold === undefined) return 1;
  // As an integer of 56 bits: a double would round the greatest up to all, and divide by zero.
  return Number(ALL) / Number(ALL - BigInt(`0x${threshold.padEnd(DIGITS, '0')}`));
}
