import type { SqlServerLocation } from '@scorpiox/shared/database/sqlserver';
import type { Consignment, Delivery } from '../../writer/spool/parcel.ts';
import type { Deduplication } from './insert-events.ts';

/** What the shipping thread is started with: between threads nothing but plain values goes. */
export interface ShipOptions extends Omit<SqlServerLocation, 'password'> {
  readonly password: string;
}

/** A delivery, and what the thread has found out beside it. */
interface ShipAnswer {
  readonly delivery: Delivery;
  readonly deduplication: Deduplication | undefined;
  /** Sentences for the operator. */
  readonly warnings: readonly string[];
}

/** The calls that the shipping thread answers. */
export interface ShipCalls {
  deliver(consignment: Consignment): Promise<ShipAnswer>;
  close(): Promise<void>;
}
