import type { Row } from '@scorpiox/shared/database/console';
import { number, text } from '../../dialect/rows.ts';
import type { Code } from '../codes.ts';
import { WAITING_TASKS, WAITS_SAMPLE_MS } from '../limits.ts';
import { NotTold, type Probe, rowsOf } from '../probe.ts';
import { found, less, type Told } from '../report.ts';
import { WAITS } from './statements.ts';

export const waits: Probe = {
  section: 'waits',
  look: async ({ db, pause }) => {
    const before = await rowsOf(db, { text: WAITS });
    await pause(WAITS_SAMPLE_MS);
    return tellWaits(before, await rowsOf(db, { text: WAITS }));
  },
};

/** Waits that tell something, by what is waited for. */
const KINDS: readonly { readonly code: Code; readonly waits: RegExp; readonly what: string; readonly mend: string }[] =
  [
    { code: 'waits-locks', waits: /^LCK_M_/, what: "others' locks", mend: 'scorpiox db blocking' },
    { code: 'waits-processor', waits: /^SOS_SCHEDULER_YIELD$/, what: 'their turn on a core', mend: 'scorpiox db top' },
    { code: 'waits-threads', waits: /^THREADPOOL$/, what: 'a thread of the server', mend: 'scorpiox db blocking' },
    {
      code: 'waits-disk',
      waits: /^(PAGEIOLATCH_|IO_COMPLETION$)/,
      what: 'pages from the disk',
      mend: 'scorpiox db tune --max-memory auto',
    },
    {
      code: 'waits-log',
      waits: /^(WRITELOG|LOGBUFFER)$/,
      what: 'the log to be written',
      mend: 'Insert in batches, a transaction each; look at the disk of the log.',
    },
    {
      code: 'waits-parallel',
      waits: /^(CXPACKET|CXSYNC_)/,
      what: 'other workers of their own statement',
      mend: 'scorpiox db tune --maxdop auto --cost-threshold auto',
    },
    { code: 'waits-memory', waits: /^RESOURCE_SEMAPHORE/, what: 'memory to run in', mend: 'scorpiox db top' },
    { code: 'waits-latches', waits: /^PAGELATCH_/, what: 'the same page in memory', mend: 'scorpiox db top' },
  ];

/** Waits of a server that has nothing to do, and of tasks that wait to be called. */
const IDLE =
  /^(BROKER_|CHECKPOINT_QUEUE|CHKPT|CLR_(AUTO_EVENT|MANUAL_EVENT|SEMAPHORE)|CXCONSUMER|DBMIRROR|DIRTY_PAGE_POLL|DISPATCHER_QUEUE|EXECSYNC|FSAGENT|FT_IFTS|HADR_|KSOURCE_WAKEUP|LAZYWRITER_SLEEP|LOGMGR_QUEUE|MEMORY_ALLOCATION_EXT|ONDEMAND_TASK_QUEUE|PARALLEL_REDO|PREEMPTIVE_|PVS_PREALLOCATE|PWAIT_|QDS_|REDO_THREAD|REQUEST_FOR_DEADLOCK_SEARCH|RESOURCE_QUEUE|SERVER_IDLE_CHECK|SLEEP_|SNI_HTTP_ACCEPT|SOS_WORK_DISPATCHER|SP_SERVER_DIAGNOSTICS|SQLTRACE_|STARTUP_DEPENDENCY|UCS_|VDI_CLIENT|WAITFOR|WAIT_FOR_RESULTS|WAIT_XTP|XE_|XTP_)/;

const lookedAt = ([first]: readonly Row[]): number => (first === undefined ? Number.NaN : number(first, 'at_ms'));

/** What was waited between two looks. A server that was started between them has less than before: its second look is all. */
export function tellWaits(before: readonly Row[], after: readonly Row[]): Told {
  // A server in trouble answers late: what counts is when it looked, and not when it was asked.
  const sampleMs = lookedAt(after) - lookedAt(before);
  if (!(sampleMs > 0)) throw new NotTold('not told: the server does not say when it looked');
  const known = new Map(before.map((row) => [text(row, 'wait_type'), number(row, 'waited_ms')]));
  const rows = after
    .map((row) => {
      const [waitType, total] = [text(row, 'wait_type'), number(row, 'waited_ms')];
      const earlier = known.get(waitType) ?? 0;
      return { waitType, waitedMs: total >= earlier ? total - earlier : total };
    })
    .filter(({ waitType, waitedMs }) => waitedMs > 0 && !IDLE.test(waitType))
    .map((row) => ({ ...row, tasks: Number((row.waitedMs / sampleMs).toFixed(2)) }))
    .sort((a, b) => b.waitedMs - a.waitedMs || (a.waitType < b.waitType ? -1 : 1));
  const sums = KINDS.map((kind) => {
    const own = rows.filter(({ waitType }) => kind.waits.test(waitType));
    return { ...kind, own, tasks: own.reduce((sum, { waitedMs }) => sum + waitedMs, 0) / sampleMs };
  });
  const seconds = sampleMs / 1_000;
  const top = rows.slice(0, 3).map(({ waitType, tasks }) => `${waitType} ${tasks}`);
  return {
    summary:
      rows.length === 0
        ? `none in ${seconds} s`
        : `tasks that waited all the time, over ${seconds} s: ${top.join(', ')}`,
    facts: { sampleMs },
    rows,
    findings: sums
      .filter(({ tasks }) => tasks >= WAITING_TASKS)
      .map(({ code, what, tasks, own, mend }) =>
        found('warning', code, '', `On average ${tasks.toFixed(1)} tasks waited for ${what}.`, {
          evidence: `over ${seconds} s: ${own.map(({ waitType, waitedMs }) => `${waitType} ${waitedMs} ms`).join(', ')}`,
          mend,
        }),
      ),
    measures: sums.map(({ what, tasks }) => less(`tasks waiting for ${what}`, Number(tasks.toFixed(2)))),
  };
}
