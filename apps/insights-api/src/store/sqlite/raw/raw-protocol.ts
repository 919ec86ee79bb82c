import type { Place } from '@scorpiox/shared/query-language';
import type {
  EventKey,
  OperationPart,
  Page,
  PageShape,
  Slice,
  Steps,
  StoredEvent,
  Tally,
  Values,
} from '../../raw/raw-port.ts';

/** The calls that a thread for raw questions answers: those of `RawEvents`, each with one argument. */
export interface RawCalls {
  page(asked: { readonly slice: Slice; readonly shape: PageShape }): Page;
  tally(asked: { readonly slice: Slice; readonly steps: Steps }): Tally;
  values(asked: { readonly slice: Slice; readonly place: Place }): Values;
  find(key: EventKey): StoredEvent | undefined;
  operation(asked: OperationPart): readonly StoredEvent[];
  close(): void;
}
