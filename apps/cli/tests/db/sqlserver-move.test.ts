// What a move sends to a SQL Server, word for word. None of it has run on one yet.
import type { Statement } from '@scorpiox/shared/database/console';
import { INSIGHTS_TABLES } from '@scorpiox/shared/database/tables';
import { expect, test } from 'vitest';
import { dialectOf } from '../../src/ops/db/insights/dialect.ts';
import { insertRows, removeRange, removeRow, updateRow } from '../../src/ops/db/insights/write-texts.ts';
import * as capture from '../../src/ops/db/move/capture-texts.ts';
import * as marks from '../../src/ops/db/move/mark-texts.ts';

const server = dialectOf('sqlserver');

function tableOf(name: string) {
  const table = INSIGHTS_TABLES.find(({ sqlite }) => sqlite === name);
  if (table === undefined) throw new Error(`there is no table ${name}`);
  return table;
}

/** Of many alike, those whose texts name one of these tables. */
const some = (statements: readonly Statement[]) =>
  statements
    .map(({ text }) => text)
    .filter((text) => /scorpiox_(moved_|closed_)?(event|rollup_bucket|metric_series|app|lease)\b/.test(text))
    .join('\n');

test('statements for SQL Server', async () => {
  const events = tableOf('events');
  const app = { id: 1, name: 'Shop', created_at: 5, retention_days: null, apdex_ms: 500 };
  const texts: Readonly<Record<string, string>> = {
    ...Object.fromEntries(
      INSIGHTS_TABLES.map((table) => [`rows into ${table.sqlite}`, insertRows(server, table, []).text]),
    ),
    'a range away': removeRange(server, events, { within: [1], from: 1, through: 2 }).text,
    'a row away': removeRow(server, tableOf('app_rejections'), { app_id: 1, reason: 'x' }).text,
    'a row changed': updateRow(server, tableOf('apps'), app).text,
    'notes begin': some(capture.beginNotes(server)),
    'notes counted': capture.countNotes(server, events).text,
    'notes read': capture.readNotes(server, events, 5_000).text,
    'notes away': capture.removeNotes(server, events, [1, 2]).text,
    'notes end': some(capture.endNotes(server)),
    closed: some(capture.close(server, "mssql://sa@host:1433/o'clock")),
    'opened again': some(capture.reopen(server)),
    ...Object.fromEntries(
      (['source', 'target'] as const).flatMap((side) => [
        [`${side}: is there a mark`, marks.findMark(server, side).text],
        [`${side}: the mark`, marks.makeMark(server, side).text],
        [`${side}: read`, marks.readMark(server, side).text],
        [`${side}: no mark`, marks.dropMark(server, side).text],
      ]),
    ),
    'the mark written': marks.writeMark(server, 'source', { move: 'x', target: 'y', started_at: 1 }).text,
    'the mark changed by its holder': marks.setMark(server, 'target', { holder: 1, phase: 'done' }, 1).text,
    'not to be used': capture.mark(server, 1_000_000, 'being filled by scorpiox db migrate').text,
    'to be used': capture.unmark(server, 1_000_000).text,
  };
  const file = Object.entries(texts).map(([name, text]) => `-- ${name}\n${text}\n`);
  await expect(file.join('\n')).toMatchFileSnapshot('sqlserver-move.sql');
});

test('texts that a SQL Server has no key of get their stand-in; bytes are digits, and what JSON has no number for is text', () => {
  const sent = (name: string, row: Record<string, number | bigint | string | Uint8Array>) => {
    const { parameters } = insertRows(server, tableOf(name), [row]);
    return JSON.parse(String(parameters?.rows))[0];
  };
  expect(sent('apps', { id: 1, name: 'Shop', created_at: 9007199254740993n })).toMatchObject({
    c1: 'Shop',
    c2: '9007199254740993',
    c5: 'shop',
  });
  const hashed = 'ba7816bf8f01cfea414140de5dae2223'; // FIPS 180-2, appendix B.1: the first half of the SHA-256 of abc
  expect(sent('rollups', { app_id: 1, name: 'abc' })).toMatchObject({ c3: 'abc', c10: hashed });
  const bucket = sent('rollup_buckets', { app_id: 1, kind: 'request', minute: 2, name: 'abc', bucket: 3, count: 0.5 });
  expect(bucket).toEqual({ c0: 1, c1: 'request', c2: 2, c3: 3, c4: 0.5, c5: hashed });
  expect(sent('metrics', { app_id: 1, metric: Uint8Array.of(1, 171) })).toMatchObject({ c1: '01ab' });
});
