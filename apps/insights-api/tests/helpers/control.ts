import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Control, openControl } from '@scorpiox/shared/database';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './folder.ts';

/** Makes a data folder's database with the application `shop`; gives its file and key, and a viewer's token. */
export async function prepareData(
  folder: string,
): Promise<{ readonly file: string; readonly key: string; readonly token: string }> {
  const file = join(folder, 'insights.db');
  const control = await openControl({ kind: 'sqlite', file });
  if (!control.ok) throw new Error(control.error.message);
  const app = await control.value.addApp('shop');
  const issued = await control.value.addToken('tests', 'viewer');
  if (!app.ok || !issued.ok) throw new Error('cannot prepare');
  await control.value.close();
  return { file, key: app.value.key, token: issued.value.token };
}

/** What the tables say: they have to agree. */
export function countStored(file: string): {
  readonly events: unknown;
  readonly rolledUp: unknown;
  readonly accepted: unknown;
} {
  const db = new DatabaseSync(file);
  const one = (sql: string) => Object.values(db.prepare(sql).get() ?? {})[0];
  const counts = {
    events: one('SELECT count(*) FROM events'),
    rolledUp: one('SELECT sum(count) FROM rollups'),
    accepted: one('SELECT accepted FROM app_counters'),
  };
  db.close();
  return counts;
}

/** What metrics add up to. */
export function countMetrics(file: string): { readonly sum: unknown; readonly points: unknown } {
  const db = new DatabaseSync(file);
  const row = db.prepare('SELECT sum(sum) AS sum, sum(points) AS points FROM metric_rollups').get();
  db.close();
  return { sum: row?.sum, points: row?.points };
}

/** The control side of an empty database; it is closed with the test. */
export async function prepareControl(): Promise<{ readonly control: Control }> {
  const control = await openControl({ kind: 'sqlite', file: join(temporaryFolder(), 'insights.db') });
  if (!control.ok) throw new Error(control.error.message);
  onTestFinished(() => control.value.close());
  return { control: control.value };
}
