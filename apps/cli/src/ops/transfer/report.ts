/** What became of a transfer, folder by folder, while it goes on and afterwards. */
import { TROUBLES_SHOWN } from './limits.ts';
import type { Tally, TransferOptions } from './transfer.ts';

/** A message that did not come over, or not with all of its flags. */
export type Trouble = { readonly folder: string; readonly where: string; readonly reason: string };

export interface Reporting {
  readonly onProgress: (done: number, total: number) => void;
  readonly onTrouble: (trouble: Trouble) => void;
}

/** A type rather than an interface: only those are records of printable values. */
export type ReportedFolder = {
  readonly folder: string;
  readonly mailbox: string;
  readonly brought: number;
  readonly there: number;
  readonly refused: number;
};

export class Report {
  readonly #total: number;
  readonly #reporting: Reporting;
  readonly #folders: { readonly folder: string; readonly mailbox: string; tally: Readonly<Tally> }[] = [];
  readonly troubles: Trouble[] = [];
  #count = 0;

  /** @param total messages that were counted. */
  constructor(total: number, reporting: Reporting) {
    this.#total = total;
    this.#reporting = reporting;
  }

  /** How a transfer of one folder tells of itself. */
  of(folder: string, mailbox: string): Pick<TransferOptions, 'onProgress' | 'onTrouble'> {
    const entry = { folder, mailbox, tally: { brought: 0, there: 0, refused: 0, reduced: 0, bytes: 0 } };
    this.#folders.push(entry);
    return {
      onProgress: (tally) => {
        entry.tally = { ...tally };
        const { brought, there, refused } = this.sum;
        this.#reporting.onProgress(brought + there + refused, this.#total);
      },
      onTrouble: (where, reason) => {
        this.#count += 1;
        if (this.#count > TROUBLES_SHOWN) return;
        const trouble = { folder, where, reason };
        this.troubles.push(trouble);
        this.#reporting.onTrouble(trouble);
      },
    };
  }

  get folders(): readonly ReportedFolder[] {
    return this.#folders.map(({ folder, mailbox, tally: { brought, there, refused } }) => ({
      ...{ folder, mailbox },
      ...{ brought, there, refused },
    }));
  }

  get sum(): Readonly<Tally> {
    const sum = { brought: 0, there: 0, refused: 0, reduced: 0, bytes: 0 };
    for (const { tally } of this.#folders) {
      for (const name of ['brought', 'there', 'refused', 'reduced', 'bytes'] as const) sum[name] += tally[name];
    }
    return sum;
  }
}
