/** What every connection tells an operator, whatever it speaks. */
import type { SessionReport } from '../admin/operator.ts';

export interface Reporting {
  /** A UUID. */
  readonly id: string;
  report(): SessionReport;
  /** Ends the connection by the operator's will. */
  kick(): void;
}
