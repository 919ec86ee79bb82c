import type { WireSubmissions } from '../../store/wire-submissions.ts';
import type { AsideEvent } from './aside.ts';
import type { Consignment, Culprit } from './parcel.ts';
import type { SpoolContents } from './spool.ts';

/** The calls that the spool's thread answers: those of `Spool`. */
export interface SpoolCalls {
  append(submissions: WireSubmissions): void;
  take(events: number): Consignment | undefined;
  remove(shipped: { readonly lineage: string; readonly through: number }): number;
  setAside(found: { readonly lineage: string; readonly culprits: readonly Culprit[]; readonly now: number }): void;
  setDamaged(found: {
    readonly lineage: string;
    readonly seq: number;
    readonly reason: string;
    readonly now: number;
  }): void;
  adopt(): number;
  contents(): SpoolContents;
  aside(most: number): readonly AsideEvent[];
  close(): void;
}
