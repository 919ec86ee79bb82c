import { number, type Run, SqlServerError, takeLock } from '@scorpiox/shared/database/sqlserver';
import { PURGE_ROWS } from '../../limits.ts';
import type { DeletedSpan } from '../deleted-span.ts';
import { LOCK_TIMEOUT_MS } from './mark.ts';

/**
 * What was deleted of each application's events. With row versions a transaction would not see what another one deletes
 * meanwhile: so whoever inserts shares a lock, to the end of its transaction, that whoever deletes has alone.
 */
export const READ_DELETED = `
SET NOCOUNT ON;
DECLARE @outcome int;
EXEC @outcome = sp_getapplock @Resource = N'scorpiox_purge', @LockMode = 'Shared', @LockOwner = 'Transaction', @LockTimeout = ${LOCK_TIMEOUT_MS};
SELECT @outcome AS outcome;
SELECT app_id, oldest, newest FROM dbo.scorpiox_deleted_event;`;

/** The oldest events before @end, and the note that they were deleted. Under the lock `scorpiox_purge` only. */
export const PURGE_EVENTS = `
SET NOCOUNT ON;
DECLARE @oldest bigint;
DECLARE @newest bigint;
DECLARE @deleted int = 0;
SELECT @oldest = MIN(d.[time]), @newest = MAX(d.[time])
FROM (
  SELECT TOP (${PURGE_ROWS}) [time] FROM dbo.scorpiox_event WHERE app_id = @app_id AND [time] < @end ORDER BY [time]
) AS d;
IF @newest IS NOT NULL
BEGIN
  UPDATE dbo.scorpiox_deleted_event
  SET oldest = CASE WHEN @oldest < oldest THEN @oldest ELSE oldest END,
    newest = CASE WHEN @newest > newest THEN @newest ELSE newest END
  WHERE app_id = @app_id;
  INSERT INTO dbo.scorpiox_deleted_event (app_id, oldest, newest)
  SELECT @app_id, @oldest, @newest
  WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_deleted_event WHERE app_id = @app_id);
  DELETE TOP (${PURGE_ROWS}) FROM dbo.scorpiox_event WHERE app_id = @app_id AND [time] <= @newest;
  SET @deleted = @@ROWCOUNT;
END;
SELECT @deleted AS deleted, MIN([time]) AS oldest FROM dbo.scorpiox_event WHERE app_id = @app_id;`;

/** By application, for a transaction that inserts. Rejects as `transient` when the lock is not to be had. */
export async function readDeleted(run: Run): Promise<ReadonlyMap<number, DeletedSpan>> {
  const [locks, rows = []] = await run({ text: READ_DELETED });
  const lock = locks?.[0];
  if (lock === undefined || number(lock, 'outcome') < 0) {
    throw new SqlServerError('transient', 'events are being deleted, and that takes long');
  }
  return new Map(
    rows.map((row) => [number(row, 'app_id'), { oldest: number(row, 'oldest'), newest: number(row, 'newest') }]),
  );
}

/** Keeps everybody who inserts away until the transaction at hand ends. */
export const lockDeletion = (run: Run): Promise<void> => takeLock(run, 'scorpiox_purge');
