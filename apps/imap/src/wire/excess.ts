/** Which limit an announced literal would break, as the sentence that answers it; undefined for none. */
import type { Announcement } from './announcement.ts';
import type { Draft } from './draft.ts';
import type { FramerLimits } from './limits.ts';

/** Of a message of APPEND; how long one may be else is the session's to say. */
export function messageExcess({ length, synchronizing }: Announcement, { unasked }: FramerLimits): string | undefined {
  if (length === Number.POSITIVE_INFINITY) return 'the message is too long';
  return !synchronizing && length > unasked ? UNASKED : undefined;
}

/** Of any other literal, which the draft has been told of. */
export function literalExcess(
  { length, synchronizing }: Announcement,
  draft: Draft,
  { literal, literals, literalTotal, unasked }: FramerLimits,
): string | undefined {
  if (length > literal) return 'a literal is too long';
  if (!synchronizing && length > unasked) return UNASKED;
  if (draft.literalCount > literals) return 'the command has too many literals';
  return draft.literalOctets + length > literalTotal ? 'the literals together are too long' : undefined;
}

const UNASKED = 'a literal of that length must wait for its answer';
