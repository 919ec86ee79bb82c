import type { Advice, HealthResponse, PlatformHealth } from '@scorpiox/shared/contract';
import { DISK_LOW, QUEUE_NEARLY_FULL, REJECTED_MUCH } from '../limits.ts';

/** What advice follows from. */
export type AdviceFacts = Pick<
  HealthResponse,
  'queue' | 'databaseReachable' | 'movedTo' | 'spool' | 'deduplication' | 'apps'
> &
  Pick<PlatformHealth, 'queueLimits' | 'disk' | 'alerts'> & {
    /** Whether the last write failed. */
    readonly failing: boolean;
  };

const fail = (message: string, command: string | null = null): Advice => ({ severity: 'fail', message, command });
const note = (message: string, command: string | null = null): Advice => ({ severity: 'note', message, command });

const count = (value: number): string => value.toLocaleString('en-US');

/** What is not as it should be and what to do about it, the gravest first. Empty: all is well. */
export function adviseOn(facts: AdviceFacts): readonly Advice[] {
  const all = [
    ...onDatabase(facts),
    ...onSpool(facts),
    ...onDisk(facts),
    ...onQueue(facts),
    ...onAlerts(facts),
    ...onApps(facts),
  ];
  return all.toSorted((a, b) => Number(b.severity === 'fail') - Number(a.severity === 'fail'));
}

function onDatabase({ failing, databaseReachable, movedTo, spool, deduplication }: AdviceFacts): Advice[] {
  const found: Advice[] = [];
  if (movedTo !== undefined) {
    found.push(
      fail(
        `The contents of this database have moved to ${movedTo}, so senders are told to come back: set insights.database to that, and start the API again.`,
        'scorpiox config show',
      ),
    );
  } else if (failing) {
    found.push(
      fail(
        'The last events could not be written: senders are told to come back. The log of the API says why; a full disk and a file that may not be written are the usual reasons.',
        'scorpiox config show',
      ),
    );
  }
  if (!databaseReachable) {
    found.push(
      fail(
        `The database does not answer.${spool === undefined ? '' : ' Events are taken and wait in the spool.'} Check that the server runs and that insights.database names it.`,
        'scorpiox config show',
      ),
    );
  }
  if (deduplication === 'not-exists') {
    found.push(
      note(
        'The index of events does not keep duplicates out by itself, so every insert looks first. That is right, and slower: docs/sql-server.md says when to expect it.',
      ),
    );
  }
  return found;
}

function onSpool({ spool }: AdviceFacts): Advice[] {
  if (spool === undefined) return [];
  const found: Advice[] = [];
  if (spool.full !== null) {
    found.push(
      fail(
        `The spool takes nothing more: ${spool.full} Free the disk, raise insights.spool_max, or bring the server back.`,
      ),
    );
  }
  if (spool.failures > 0) {
    found.push(
      fail(
        `The SQL Server took none of the last ${count(spool.failures)} shipments: ${spool.lastError?.message ?? 'no reason was given'}. ${count(spool.events)} events wait.`,
      ),
    );
  }
  if (spool.aside > 0) {
    found.push(
      note(
        `The SQL Server refuses ${count(spool.aside)} events; they are kept aside.`,
        'scorpiox api /api/spool/aside',
      ),
    );
  }
  if (spool.damagedParcels > 0 || spool.brokenFiles.length > 0) {
    found.push(fail('Parts of the spool cannot be read; they are kept. Check the disk.', 'scorpiox api /api/health'));
  }
  if (spool.foreignFiles.length > 0) {
    found.push(
      fail(
        `Events wait for another database, in ${spool.foreignFiles.join(', ')}: start the API once with its address to ship them.`,
      ),
    );
  }
  return found;
}

function onDisk({ disk }: AdviceFacts): Advice[] {
  if (disk === null) return [];
  if (disk.freeBytes >= DISK_LOW.bytes && disk.freeBytes >= disk.totalBytes * DISK_LOW.part) return [];
  const free = `${(disk.freeBytes / 2 ** 30).toFixed(1)} GiB`;
  return [
    note(
      `Only ${free} of the disk are free. Keep events for fewer days, or move the data.`,
      'scorpiox app retention NAME DAYS',
    ),
  ];
}

function onQueue({ queue, queueLimits }: AdviceFacts): Advice[] {
  const part = Math.max(queue.events / queueLimits.events, queue.bytes / queueLimits.bytes);
  if (part < QUEUE_NEARLY_FULL) return [];
  return [
    fail(
      `The queue is ${Math.round(part * 100)} % full: senders are about to be told to come back. The database takes less than is sent; limit the key that sends most.`,
      'scorpiox app key limit KEY EVENTS',
    ),
  ];
}

function onAlerts({ alerts }: AdviceFacts): Advice[] {
  const found: Advice[] = [];
  if (alerts.problem !== null) found.push(note(`Alerts are not evaluated: ${alerts.problem}`));
  if (alerts.failed > 0) {
    found.push(note(`${count(alerts.failed)} messages of alerts were given up in the last day; /alerts says why.`));
  }
  return found;
}

/** One sentence for all applications that lose much of what they send, the worst first. */
function onApps({ apps }: AdviceFacts): Advice[] {
  const losing = apps
    .map(({ name, received, rejected }) => {
      const lost = Object.values(rejected).reduce((sum, one) => sum + one, 0);
      const [worst] = Object.entries(rejected).toSorted(([, a], [, b]) => b - a);
      return { name, part: received === 0 ? 0 : lost / received, reason: worst?.[0] ?? '' };
    })
    .filter(({ part }) => part > REJECTED_MUCH)
    .toSorted((a, b) => b.part - a.part);
  const [first] = losing;
  if (first === undefined) return [];
  const others = losing.length === 1 ? '' : ` ${losing.length - 1} more lose over ${REJECTED_MUCH * 100} %.`;
  return [
    note(
      `Of what ${first.name} sent, ${(first.part * 100).toFixed(1)} % were rejected, most as “${first.reason}”.${others} docs/sending.md says what each reason means.`,
    ),
  ];
}
