import { APP_LOCK_TIMEOUT_MS } from '../limits.ts';
import { SqlServerError } from './errors.ts';
import { number, type Run } from './statement.ts';

/** An application lock of the transaction at hand: it goes when the transaction ends, however it ends. */
export const TAKE_LOCK = `
SET NOCOUNT ON;
DECLARE @outcome int;
EXEC @outcome = sp_getapplock @Resource = @resource, @LockMode = 'Exclusive', @LockOwner = 'Transaction', @LockTimeout = ${APP_LOCK_TIMEOUT_MS};
SELECT @outcome AS outcome;`;

/** Waits for the lock of this name, inside a transaction. Rejects as `transient` when it is not to be had. */
export async function takeLock(run: Run, resource: 'scorpiox_migration' | 'scorpiox_write'): Promise<void> {
  const [rows] = await run({ text: TAKE_LOCK, parameters: { resource: ['nvarchar(256)', resource] } });
  const row = rows?.[0];
  // 0: granted; 1: granted after waiting; negative: not granted.
  if (row === undefined || number(row, 'outcome') < 0) {
    throw new SqlServerError('transient', `the lock ${resource} is held by another session`);
  }
}
