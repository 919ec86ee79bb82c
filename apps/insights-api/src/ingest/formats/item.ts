import type { Result } from '@scorpiox/shared/result';
import type { ParsedEvent } from '@scorpiox/shared/telemetry';
import type { Drop } from '../pipeline/reasons.ts';

/** One item of a batch in any format: the events it stands for (several for a batch of metrics), or why it is dropped. */
export interface FormatItem {
  /** Place in the batch, from 0. */
  readonly index: number;
  /** The ingest key that the item itself names. */
  readonly key?: string;
  readonly events: Result<readonly ParsedEvent[], Drop>;
}
