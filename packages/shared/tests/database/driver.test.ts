import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { secret } from '../../src/config/secret.ts';
import { openControl } from '../../src/database/index.ts';
import { temporaryFolder } from '../folders.ts';

const isDriverLoaded = () => Object.keys(createRequire(import.meta.url).cache).some((file) => file.includes('/mssql/'));

test('the driver of SQL Server is loaded where a SQL Server is configured, and only there', async () => {
  const embedded = await openControl({ kind: 'sqlite', file: join(temporaryFolder(), 'insights.db') });
  if (embedded.ok) await embedded.value.close();
  expect(isDriverLoaded()).toBe(false);
  const options = { port: 1, user: 'sa', password: secret('x'), encrypt: true, trustServerCertificate: false };
  await openControl({ kind: 'mssql', host: '127.0.0.1', database: 'insights', ...options });
  expect(isDriverLoaded()).toBe(true);
});
