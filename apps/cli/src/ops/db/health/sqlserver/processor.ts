import type { Row } from '@scorpiox/shared/database/console';
import { number } from '../../dialect/rows.ts';
import { PROCESSOR_PERCENT, TASKS_WAITING_PER_CORE } from '../limits.ts';
import { NotTold, type Probe, rowsOf } from '../probe.ts';
import { found, less, type Told } from '../report.ts';
import { PROCESSOR, SCHEDULERS } from './statements.ts';

export const processor: Probe = {
  section: 'processor',
  look: async ({ db }) => {
    const [schedulers] = await rowsOf(db, { text: SCHEDULERS });
    if (schedulers === undefined) throw new NotTold('not told: the server tells nothing of its cores');
    return tellProcessor(schedulers, await rowsOf(db, { text: PROCESSOR }));
  },
};

/**
 * `top` sums over cores: 187 % on 4 cores are 1.87 of them, 47 % of the host. The server tells percent of the host.
 */
export function tellUse(hostPercent: number, cores: number): string {
  const used = (hostPercent * cores) / 100;
  return `${hostPercent} % of the host = ${used.toFixed(2)} of ${cores} core${cores === 1 ? '' : 's'} (${Math.round(hostPercent * cores)} % of one)`;
}

function tellProcessor(schedulers: Row, records: readonly Row[]): Told {
  const [cores, waiting] = [number(schedulers, 'cores'), number(schedulers, 'waiting_tasks')];
  const [newest] = records;
  const rows = records.map((row) => ({ ageS: number(row, 'age_s'), hostPercent: number(row, 'process_percent') }));
  const percent = newest === undefined ? undefined : number(newest, 'process_percent');
  const use = percent === undefined ? `no record yet, of ${cores} cores` : tellUse(percent, cores);
  const evidence = `${use}; ${waiting} tasks wait for a core`;
  return {
    summary: evidence,
    facts: {
      cores,
      hostPercent: percent ?? null,
      coresUsed: percent === undefined ? null : (percent * cores) / 100,
      tasksWaiting: waiting,
    },
    rows,
    findings: [
      ...(percent !== undefined && percent >= PROCESSOR_PERCENT.warning
        ? [
            found(
              percent >= PROCESSOR_PERCENT.fault ? 'fault' : 'warning',
              'processor-busy',
              '',
              `The server uses ${use}.`,
              { evidence, mend: 'scorpiox db top' },
            ),
          ]
        : []),
      ...(waiting > cores * TASKS_WAITING_PER_CORE
        ? [
            found('warning', 'tasks-waiting', '', `${waiting} tasks could run and wait for one of ${cores} cores.`, {
              evidence,
              mend: 'scorpiox db top',
            }),
          ]
        : []),
    ],
    measures: [
      ...(percent === undefined ? [] : [less('processor, percent of the host', percent)]),
      less('tasks waiting for a core', waiting),
    ],
  };
}
