/** How an attempt to hand on a message went. */
export type Outcome =
  | { readonly kind: 'delivered' }
  /** `permanent`: trying again will not help. `problem`: a sentence that repeats no secret. */
  | { readonly kind: 'failed'; readonly permanent: boolean; readonly problem: string };

export const DELIVERED: Outcome = { kind: 'delivered' };

export const failed = (problem: string, permanent = false): Outcome => ({ kind: 'failed', permanent, problem });

/** What went wrong below HTTP or LMTP, without what the other side said. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
