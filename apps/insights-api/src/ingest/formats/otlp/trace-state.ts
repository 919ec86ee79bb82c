/** Digits of the threshold: 56 bits of randomness. */
const DIGITS = 14;

/**
 * For how many spans one stands that was sampled by probability: `ot=th:…` of the trace state says below which of 2^56
 * random values spans were thrown away (opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling). 1 where
 * nothing is said, or nonsense.
 */
export function weightOf(traceState: string): number {
  const threshold = /(?:^|,)\s*ot=(?:[^,]*;)?th:([0-9a-f]{1,14})(?:[;,\s]|$)/.exec(traceState)?.[1];
  if (threshold === undefined) return 1;
  const kept = 2 ** (4 * DIGITS) - Number.parseInt(threshold.padEnd(DIGITS, '0'), 16);
  return kept > 0 ? 2 ** (4 * DIGITS) / kept : 1;
}
