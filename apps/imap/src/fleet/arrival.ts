import type { Entry } from '../server/admission.ts';
import type { ClientSocket, Door } from '../server/ports.ts';

/** A connection that has come and is to be served by somebody. Nothing of what its client sends was read. */
export interface Arrival {
  readonly socket: ClientSocket;
  readonly door: Door;
  readonly entry: Entry;
}
