import mssql from 'mssql';
import { expect, test } from 'vitest';
import { isTransient } from '../../../src/database/index.ts';
import { toSqlServerError } from '../../../src/database/sqlserver/errors.ts';
import { SqlServerError, withRetries } from '../../../src/database/sqlserver/index.ts';

/** An error as the driver makes it of one that the server reported. */
function reported(number: number, message = 'as the server says'): mssql.RequestError {
  const inner = Object.assign(new Error(message), { info: { number, message } });
  return new mssql.RequestError(inner, 'EREQUEST');
}

test.each([
  [1205, 'transient'],
  [1222, 'transient'],
  [2601, 'duplicate'],
  [2627, 'duplicate'],
  [515, 'data'],
  [2628, 'data'],
  [8114, 'data'],
  [248, 'data'], // a number too large for its column
  [511, 'data'], // a row too long for a page
  [13609, 'data'],
  [208, 'unavailable'], // no such table
  [229, 'unavailable'], // no permission
  [1105, 'unavailable'], // the disk is full
  [9002, 'unavailable'], // the log is full
] as const)('error %i is %s and leaves the session', (number, kind) => {
  const error = toSqlServerError(reported(number));
  expect(error).toMatchObject({ kind, connectionLost: false, message: 'as the server says' });
});

test.each([
  'ESOCKET',
  'ETIMEOUT',
  'ECONNCLOSED',
  'EINVALIDSTATE',
] as const)('%s means that the session is lost', (code) => {
  expect(toSqlServerError(Object.assign(new mssql.ConnectionError('gone'), { code }))).toMatchObject({
    kind: 'transient',
    connectionLost: true,
  });
});

test('the known one of several errors counts, wherever it stands', () => {
  const last = Object.assign(reported(3930, 'the transaction cannot be committed'), {
    precedingErrors: [reported(1205, 'deadlock')],
  });
  expect(toSqlServerError(last)).toMatchObject({ kind: 'transient', message: 'deadlock' });
});

test('an aborted transaction is what aborted it', () => {
  const abort = Object.assign(new mssql.TransactionError('Transaction has been aborted.', 'EABORT'), {
    originalError: reported(2627),
  });
  expect(toSqlServerError(abort).kind).toBe('duplicate');
});

test('an error of the socket that the driver wrapped as one of the server is a lost session', () => {
  const inner = Object.assign(new Error('Connection lost'), {
    info: new mssql.ConnectionError('Connection lost - read ECONNRESET', 'ESOCKET'),
  });
  expect(toSqlServerError(new mssql.RequestError(inner, 'EREQUEST'))).toMatchObject({ connectionLost: true });
});

test('what is wrong with the server is told from what is wrong with a value', () => {
  const kinds = ['transient', 'unavailable', 'duplicate', 'data'] as const;
  expect(kinds.map((kind) => isTransient(new SqlServerError(kind, '')))).toEqual([true, true, false, false]);
});

test('only passing failures are tried again, with growing pauses, and not for ever', async () => {
  const pauses: number[] = [];
  const attempt = (kind: 'transient' | 'unavailable', times: number) => {
    let left = times;
    return withRetries(
      async () => {
        if (left-- > 0) throw new SqlServerError(kind, 'not now');
        return 'done';
      },
      async (ms) => void pauses.push(ms),
    );
  };
  expect(await attempt('transient', 3)).toBe('done');
  expect(pauses).toEqual([50, 100, 200]);
  await expect(attempt('transient', 99)).rejects.toThrow('not now');
  expect(pauses).toHaveLength(6);
  await expect(attempt('unavailable', 1)).rejects.toThrow('not now');
  expect(pauses).toHaveLength(6);
});
