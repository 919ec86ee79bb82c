import { APP_LOCK_TIMEOUT_MS } from '../limits.ts';
import { SqlServerError } from './errors.ts';
import { number, type Run } from './statement.ts';

/** An application lock of the transaction at hand: it goes when the transaction ends, however it ends. */
export const TAKE_LOCK = `
SET NOCOUNT ON;
DECLARE @outcome int;
EXEC @outcome = sp_getapplock @Resource = @resource, @LockMode = 'Exclusive', @LockOwner = 'Transaction', @LockTimeout = ${APP_LOCK_TIMEOUT_MS};
SELECT @outcome AS outcome;`;

type Resource = 'scorpiox_migration' | 'scorpiox_write' | 'scorpiox_purge';

/** What sp_getapplock returns when the time is up; 0 and 1: granted, at once or after waiting; below -1: it failed. */
const TIMED_OUT = -1;

/** Waits for the lock of this name, inside a transaction. False when another session has it all the time. */
export async function tryLock(run: Run, resource: Resource): Promise<boolean> {
  const [rows] = await run({ text: TAKE_LOCK, parameters: { resource: ['nvarchar(256)', resource] } });
  const row = rows?.[0];
  const outcome = row === undefined ? Number.NaN : number(row, 'outcome');
  if (outcome >= 0) return true;
  if (outcome === TIMED_OUT) return false;
  throw new SqlServerError('transient', `the lock ${resource} is not to be had`);
}

/** The same; rejects as `transient` when it is not to be had. */
export async function takeLock(run: Run, resource: Resource): Promise<void> {
  if (await tryLock(run, resource)) return;
  throw new SqlServerError('transient', `the lock ${resource} is held by another session`);
}
