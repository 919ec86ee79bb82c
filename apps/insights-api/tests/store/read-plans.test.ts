import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openControl } from '@scorpiox/shared/database';
import { expect, test } from 'vitest';
import type { Ask, Question } from '../../src/store/questions/overview.ts';
import { makeAppSummary, makeOverviewAnswers } from '../../src/store/sqlite/read-apps.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const span = { from: 100, to: 5000 };
const of = { appId: 1, span };
const list = { order: 'desc', limit: 10 } as const;

const QUESTIONS: { readonly [K in Ask]: readonly Question<K>[] } = {
  standing: [{ activeFrom: 0, span }],
  timeline: [
    { ...of, kind: 'request', stepMinutes: 10 },
    { ...of, kind: 'request', name: 'a', stepMinutes: 10 },
  ],
  latency: [{ ...of, kind: 'request' }],
  operations: [{ ...of, kind: 'dependency', search: '', sort: 'count', ...list }],
  exceptions: [{ ...of, sort: 'count', steps: span, stepMinutes: 10, ...list }],
  instances: [of],
  versions: [{ appId: 1 }],
  edges: [span],
  freshGroups: [{ from: 0, to: 5, storedFrom: 1 }],
  counts: [
    { of: [{ appId: 1, kinds: ['request'] }], span, stepMinutes: 10 },
    { of: [{ appId: 1, kinds: ['trace'] }], span: { from: 600, to: 6000 }, stepMinutes: 60 },
  ],
};

/** What may be looked through: the applications, with their first events, and the minutes that a statement makes itself. */
const FEW = /^SCAN (?:apps|kept|minutes|CONSTANT ROW)\b/;

test('every question about applications reads ranges of keys, and looks through no table', async () => {
  const file = join(temporaryFolder(), 'insights.db');
  const control = await openControl({ kind: 'sqlite', file });
  if (!control.ok) throw new Error(control.error.message);
  await control.value.close();
  const db = new DatabaseSync(file);
  const texts = new Set<string>();
  const prepare = db.prepare.bind(db);
  db.prepare = (text) => {
    texts.add(text);
    return prepare(text);
  };
  const answer = makeOverviewAnswers(db);
  for (const [ask, questions] of Object.entries(QUESTIONS) as [Ask, readonly Question<Ask>[]][]) {
    for (const question of questions) answer({ ask, question });
  }
  makeAppSummary(db)({ ...span, stepMinutes: 7 });
  makeAppSummary(db)({ from: 600, to: 6000, stepMinutes: 60 });
  const read = [...texts].filter((text) => !/app_(?:counters|rejections|adjustments)/.test(text));
  expect(read.length).toBeGreaterThan(20);
  for (const text of read) {
    const plan = prepare(`EXPLAIN QUERY PLAN ${text}`)
      .all()
      .map(({ detail }) => String(detail));
    const scans = plan.filter((line) => line.startsWith('SCAN') && !FEW.test(line));
    expect([text, scans]).toEqual([text, []]);
  }
  db.close();
});
