import { number, type Run, SqlServerError } from '@scorpiox/shared/database/sqlserver';
import { MARK_KEPT_MS } from '../../limits.ts';

/** How long a transaction waits for one that a lost session left at work, milliseconds: below the request's time-out. */
export const LOCK_TIMEOUT_MS = 20_000;

/**
 * Up to which parcel a lineage is committed. The lock in its name goes when the transaction ends: a transaction that a
 * lost session left behind has ended, either way, once this one has it.
 */
export const READ_MARK = `
SET NOCOUNT ON;
DECLARE @outcome int;
EXEC @outcome = sp_getapplock @Resource = @resource, @LockMode = 'Exclusive', @LockOwner = 'Transaction', @LockTimeout = ${LOCK_TIMEOUT_MS};
SELECT @outcome AS outcome;
SELECT shipped FROM dbo.scorpiox_spool WHERE lineage = @lineage;`;

/** Notes it, inside the same transaction. */
export const WRITE_MARK = `
SET NOCOUNT ON;
UPDATE dbo.scorpiox_spool SET shipped = @shipped, shipped_at = @now WHERE lineage = @lineage;
INSERT INTO dbo.scorpiox_spool (lineage, shipped, shipped_at)
SELECT @lineage, @shipped, @now
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_spool WHERE lineage = @lineage);`;

/** Marks of spools that are long gone; a few rows a start of the API. */
export const FORGET_MARKS = `DELETE TOP (1000) FROM dbo.scorpiox_spool WHERE shipped_at < @before;`;

/** The number of the last parcel that is committed; 0 before the first. Rejects as `transient` when the lock is not to be had. */
export async function readMark(run: Run, lineage: string): Promise<number> {
  const [locks, marks] = await run({
    text: READ_MARK,
    parameters: { resource: ['nvarchar(256)', `scorpiox_spool ${lineage}`], lineage: ['varchar(36)', lineage] },
  });
  const lock = locks?.[0];
  if (lock === undefined || number(lock, 'outcome') < 0) {
    throw new SqlServerError('transient', 'a shipment that was cut off before is still at work on the server');
  }
  return marks?.[0] === undefined ? 0 : number(marks[0], 'shipped');
}

export async function writeMark(run: Run, lineage: string, shipped: number, now: number): Promise<void> {
  await run({
    text: WRITE_MARK,
    parameters: { lineage: ['varchar(36)', lineage], shipped: ['bigint', shipped], now: ['bigint', now] },
  });
}

export async function forgetMarks(run: Run, now: number): Promise<void> {
  await run({ text: FORGET_MARKS, parameters: { before: ['bigint', now - MARK_KEPT_MS] } });
}
