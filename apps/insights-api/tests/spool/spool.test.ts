import { copyFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { unpackSubmissions } from '../../src/writer/spool/parcel.ts';
import { Spool, type SpoolOptions } from '../../src/writer/spool/spool.ts';
import { identified, submission } from '../helpers/events.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const closing = new Set<Spool>();

function openSpool(folder: string, more: Partial<SpoolOptions> = {}): Spool {
  const spool = new Spool({ folder, target: 'here', mostBytes: 2 ** 30, reserveBytes: 0, ...more });
  closing.add(spool);
  onTestFinished(() => {
    if (closing.delete(spool)) spool.close();
  });
  return spool;
}

/** Ends a spool as its process's death would: whatever was in it stays. */
function leave(spool: Spool): void {
  closing.delete(spool);
  spool.close();
}

const named = (...ids: readonly string[]) => [
  submission(
    1,
    ids.map((id) => identified({ id })),
  ),
];
const ids = (spool: Spool): readonly unknown[] =>
  (spool.take(1000)?.parcels ?? []).flatMap(({ body }) =>
    unpackSubmissions(body).flatMap(({ events }) => events.map(({ event }) => event.id)),
  );
const filesIn = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.db'));

test('what is put down comes out as it was, in order, and goes when it is removed', () => {
  const spool = openSpool(temporaryFolder());
  const sent = submission(7, [identified({ id: 'a', properties: { b: 'ü' } })], { dropped: { malformed: 2 } });
  spool.append([sent]);
  spool.append(named('b', 'c'));
  const taken = spool.take(1000);
  expect(unpackSubmissions(taken?.parcels[0]?.body ?? new Uint8Array())).toEqual([sent]);
  expect(ids(spool)).toEqual(['a', 'b', 'c']);
  expect(spool.take(1)?.parcels).toHaveLength(1);
  expect(spool.remove({ lineage: taken?.lineage ?? '', through: taken?.parcels[0]?.seq ?? 0 })).toBe(1);
  expect(ids(spool)).toEqual(['b', 'c']);
  expect(spool.contents()).toMatchObject({ parcels: 1, events: 2, aside: 0, damaged: 0 });
});

test('a large commit becomes several parcels, so that a shipment can be small', () => {
  const spool = openSpool(temporaryFolder());
  spool.append(
    Array.from({ length: 60 }, (_, batch) =>
      submission(
        1,
        Array.from({ length: 100 }, (_unused, index) => identified({ id: `${batch} ${index}` })),
      ),
    ),
  );
  expect(spool.contents()).toMatchObject({ events: 6000, parcels: 3 });
});

test('what packs well is no reason to ship more at once: bytes are counted unpacked', () => {
  const spool = openSpool(temporaryFolder());
  const message = 'x'.repeat(32_000);
  for (let batch = 0; batch < 4; batch += 1) {
    const events = Array.from({ length: 500 }, (_, index) => identified({ id: `${batch} ${index}`, message }));
    spool.append([submission(1, events)]);
  }
  expect(spool.contents().bytes).toBeLessThan(2 ** 20);
  expect(spool.take(10_000)?.parcels).toHaveLength(2);
});

test('a file is held by one process at a time, and what a dead one left is adopted by one', () => {
  const folder = temporaryFolder();
  const first = openSpool(folder);
  first.append(named('a'));
  const second = openSpool(folder);
  const third = openSpool(folder);
  expect([ids(second), ids(third)]).toEqual([[], []]);
  leave(first);
  expect(second.adopt()).toBe(1);
  expect(third.adopt()).toBe(0);
  expect(ids(second)).toEqual(['a']);
  const taken = second.take(10);
  second.remove({ lineage: taken?.lineage ?? '', through: taken?.parcels[0]?.seq ?? 0 });
  expect(second.take(10)).toBeUndefined();
  expect(filesIn(folder)).toHaveLength(2);
});

test('the files of the dead are shipped before what comes now, and nothing is appended to them', () => {
  const folder = temporaryFolder();
  const first = openSpool(folder);
  first.append(named('old'));
  const lineage = first.take(1)?.lineage;
  leave(first);
  const second = openSpool(folder);
  second.append(named('new'));
  expect(ids(second)).toEqual(['old']);
  expect(second.take(1)?.lineage).toBe(lineage);
  second.remove({ lineage: lineage ?? '', through: 1 });
  expect(ids(second)).toEqual(['new']);
  expect(second.take(1)?.lineage).not.toBe(lineage);
});

test('an empty spool leaves no file behind', () => {
  const folder = temporaryFolder();
  leave(openSpool(folder));
  expect(readdirSync(folder)).toEqual([]);
});

test('events for another database are left alone, and said to be there', () => {
  const folder = temporaryFolder();
  const elsewhere = openSpool(folder, { target: 'elsewhere' });
  elsewhere.append(named('a'));
  leave(elsewhere);
  const spool = openSpool(folder);
  expect(ids(spool)).toEqual([]);
  expect(spool.contents().foreignFiles).toHaveLength(1);
  const again = openSpool(folder, { target: 'elsewhere' });
  expect(ids(again)).toEqual(['a']);
});

test.each([
  ['no database', (path: string) => writeFileSync(path, 'x'.repeat(10_000))],
  ['empty', (path: string) => truncateSync(path, 0)],
])('a file that is %s is put away under a name that is shown, and kept', (_what, harm) => {
  const folder = temporaryFolder();
  const first = openSpool(folder);
  first.append(named('a'));
  leave(first);
  const [name = ''] = filesIn(folder);
  harm(join(folder, name));
  const spool = openSpool(folder);
  const { brokenFiles } = spool.contents();
  expect(brokenFiles).toEqual([expect.stringContaining(name)]);
  expect(readdirSync(folder)).toContain(brokenFiles[0]);
  spool.append(named('b'));
  expect(ids(spool)).toEqual(['b']);
});

test('a file that was cut short is put away when that shows, and what comes after is taken', () => {
  const folder = temporaryFolder();
  const first = openSpool(folder);
  for (let index = 0; index < 200; index += 1) first.append(named(`${index} ${Math.random()}`));
  leave(first);
  const [name = ''] = filesIn(folder);
  truncateSync(join(folder, name), 16_384);
  const spool = openSpool(folder);
  spool.append(named('after'));
  const seen = new Set<unknown>();
  for (let taken = spool.take(1000); taken !== undefined; taken = spool.take(1000)) {
    for (const id of ids(spool)) seen.add(id);
    spool.remove({ lineage: taken.lineage, through: taken.parcels.at(-1)?.seq ?? 0 });
  }
  expect(seen).toContain('after');
  expect(spool.contents().brokenFiles).toEqual([expect.stringContaining(name)]);
});

test('a parcel whose bytes have changed is noticed by its checksum', () => {
  const folder = temporaryFolder();
  const spool = openSpool(folder);
  spool.append(named('a'));
  const body = Buffer.from(spool.take(1)?.parcels[0]?.body ?? []);
  body[body.length - 6] = (body.at(-6) ?? 0) ^ 1;
  expect(() => unpackSubmissions(body)).toThrow();
});

test('beyond its size, and below the reserve of the disk, nothing is taken, with the reason', () => {
  const full = openSpool(temporaryFolder(), { mostBytes: 1 });
  expect(() => full.append(named('a'))).toThrow('insights.spool_max');
  expect(full.contents().full).toContain('insights.spool_max');
  const noDisk = openSpool(temporaryFolder(), { reserveBytes: Number.MAX_SAFE_INTEGER });
  expect(() => noDisk.append(named('a'))).toThrow('kept free');
  expect(noDisk.contents()).toMatchObject({ events: 0 });
});

test('what is kept aside moves on when its file goes, once', () => {
  const folder = temporaryFolder();
  const first = openSpool(folder);
  first.append(named('a', 'b'));
  const { lineage = '' } = first.take(1) ?? {};
  const culprit = { seq: 1, submission: 0, index: 1, reason: 'too long' };
  for (const now of [5, 6]) first.setAside({ lineage, culprits: [culprit], now });
  expect(first.take(1)?.without).toEqual([{ seq: 1, submission: 0, index: 1 }]);
  first.append(named('c'));
  first.setDamaged({ lineage, seq: 2, reason: 'checksum', now: 7 });
  leave(first);
  const second = openSpool(folder);
  second.remove({ lineage, through: 1 });
  expect(second.take(1)).toBeUndefined();
  expect(filesIn(folder)).toHaveLength(1);
  expect(second.contents()).toMatchObject({ events: 0, aside: 1, damaged: 1 });
  expect(second.aside(10)).toMatchObject([{ at: 5, appId: 1, reason: 'too long', event: { id: 'b' } }]);
  leave(second);
  expect(openSpool(folder).aside(10)).toHaveLength(1);
});

test('a file that a backup brings back is shipped under its old name, and appended to by nobody', () => {
  const folder = temporaryFolder();
  const first = openSpool(folder);
  first.append(named('a'));
  leave(first);
  const [name = ''] = filesIn(folder);
  const copy = join(temporaryFolder(), name);
  copyFileSync(join(folder, name), copy);
  const second = openSpool(folder);
  const { lineage = '' } = second.take(1) ?? {};
  second.remove({ lineage, through: 1 });
  second.take(1);
  second.append(named('b'));
  const own = second.take(1)?.lineage;
  leave(second);
  copyFileSync(copy, join(folder, name));
  const third = openSpool(folder);
  third.append(named('c'));
  const lineages = new Set([lineage, own]);
  for (let taken = third.take(1); taken !== undefined; taken = third.take(1)) {
    lineages.add(taken.lineage);
    third.remove({ lineage: taken.lineage, through: taken.parcels[0]?.seq ?? 0 });
  }
  // Three files, three names: what the server notes of one says nothing of another.
  expect(lineages.size).toBe(3);
});

test('a spool file is nobody else’s to read', () => {
  const folder = temporaryFolder();
  const spool = openSpool(folder);
  spool.append(named('a'));
  const [name = ''] = filesIn(folder);
  expect(() => {
    const db = new DatabaseSync(join(folder, name), { timeout: 0 });
    try {
      db.prepare('SELECT count(*) FROM parcel').get();
    } finally {
      db.close();
    }
  }).toThrow('locked');
});
