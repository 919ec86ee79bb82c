import type { DatabaseLocation } from '@scorpiox/shared/config';
import type { Io } from '../../io.ts';
import type { Facts } from '../../ops/db/actions/database-action.ts';
import type { Failure } from '../../ops/failure.ts';
import type { Work } from '../plan/carry-out.ts';
import { databaseWork } from './means.ts';
import type { OnOptions } from './on.ts';

/** What a command says of the facts of its steps: a sentence for each, and what is wrong. */
export interface Telling {
  readonly tell: (facts: Facts) => string;
  readonly failure?: (facts: Facts) => Failure | undefined;
}

/** Steps that change rows, as the work of a plan: what was there before and after is in `changes`. */
export function rowsWork(io: Io, options: OnOptions, location: DatabaseLocation, { tell, failure }: Telling): Work {
  const changes: Facts[] = [];
  return databaseWork(io, options, [location], {
    unit: 'rows',
    report: (facts) => changes.push(facts),
    end: () => {
      const trouble = changes.map((facts) => failure?.(facts)).find((one) => one !== undefined);
      const told = changes.map(tell).join('\n');
      return { told, data: {}, lists: { changes }, ...(trouble === undefined ? {} : { failure: trouble }) };
    },
  });
}
