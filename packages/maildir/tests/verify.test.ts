import {
  chmodSync,
  linkSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { type Finding, INBOX, openMailStore, parseMailboxName, verifyMaildir } from '../src/index.ts';
import { scratch } from './scratch.ts';

interface Home {
  readonly maildir: string;
  readonly indexFile: string;
}

/** An account with three messages in INBOX and one in Archive, all looked at. */
async function account(): Promise<Home> {
  const home = scratch();
  const places = { maildir: join(home, 'Maildir'), indexFile: join(home, 'index.db') };
  const opened = await openMailStore(places);
  if (!opened.ok) throw new Error(opened.error.message);
  const store = opened.value;
  const archive = parseMailboxName('Archive');
  if (!archive.ok) throw new Error('no name');
  await store.create(archive.value);
  for (const mailbox of [INBOX, INBOX, INBOX, archive.value]) {
    const appended = await store.append(mailbox, { content: Buffer.from('Subject: x\n\nbody\n'), flags: ['\\Seen'] });
    if (!appended.ok) throw new Error(appended.error.message);
  }
  await store.close();
  return places;
}

async function collect(findings: AsyncIterable<Finding>): Promise<readonly Finding[]> {
  const all: Finding[] = [];
  for await (const one of findings) all.push(one);
  return all;
}

async function verify(home: Home, contents = false): Promise<readonly Finding[]> {
  return collect(verifyMaildir({ ...home, contents }));
}

const faults = async (home: Home, contents = false) =>
  (await verify(home, contents)).map(({ fault, mailbox }) => `${mailbox} ${fault}`).sort();

const firstIn = (folder: string): string => {
  const [name] = readdirSync(folder).sort();
  if (name === undefined) throw new Error(`nothing in ${folder}`);
  return name;
};

/** Renames the first message in cur/ to what `change` makes of its name. */
const rename = (home: Home, change: (name: string) => string): void => {
  const cur = join(home.maildir, 'cur');
  const name = firstIn(cur);
  renameSync(join(cur, name), join(cur, change(name)));
};

const inIndex = (home: Home, sql: string): void => {
  const db = new DatabaseSync(home.indexFile);
  db.exec(sql);
  db.close();
};

it('finds nothing in an account that nobody has harmed, and changes nothing', async () => {
  const home = await account();
  const before = readdirSync(home.maildir, { recursive: true }).sort();
  let progress: readonly number[] = [];
  const found = await collect(
    verifyMaildir({ ...home, contents: true, onProgress: (...counts) => (progress = counts) }),
  );
  expect(found).toEqual([]);
  expect(progress).toEqual([2, 4]);
  expect(readdirSync(home.maildir, { recursive: true }).sort()).toEqual(before);
});

describe('each fault is found, and nothing else', () => {
  const twoDaysAgo = Date.now() / 1000 - 48 * 3600;
  const made: readonly (readonly [string, (home: Home) => void, readonly string[]])[] = [
    [
      'a folder without tmp',
      ({ maildir }) => rmSync(join(maildir, '.Archive', 'tmp'), { recursive: true }),
      ['Archive no-directory'],
    ],
    [
      'two messages of one base name',
      ({ maildir }) =>
        writeFileSync(join(maildir, 'new', firstIn(join(maildir, 'cur')).split(':')[0] ?? ''), 'other', {
          mode: 0o600,
        }),
      [
        'INBOX duplicate-base',
        'INBOX index-behind',
        'INBOX index-size',
        'INBOX wrong-size',
        'INBOX wrong-virtual-size',
      ],
    ],
    [
      'one file under two names',
      ({ maildir }) => {
        const name = firstIn(join(maildir, 'cur'));
        linkSync(join(maildir, 'cur', name), join(maildir, 'cur', `${name}T`));
      },
      ['INBOX index-behind', 'INBOX two-names'],
    ],
    [
      'letters that nobody knows',
      (home) => rename(home, (name) => `${name}XZ`),
      ['INBOX index-behind', 'INBOX unknown-flag'],
    ],
    [
      'a keyword without a name',
      (home) => rename(home, (name) => `${name}k`),
      ['INBOX index-behind', 'INBOX unnamed-keyword'],
    ],
    ['another name', (home) => rename(home, (name) => `${name}T`), ['INBOX index-behind']],
    [
      'a name that is no text',
      ({ maildir }) =>
        writeFileSync(Buffer.concat([Buffer.from(`${maildir}/cur/1600000000.`), Buffer.of(0xff, 0xfe)]), 'x', {
          mode: 0o600,
        }),
      ['INBOX forbidden-name'],
    ],
    [
      'a name that begins with a colon',
      ({ maildir }) => writeFileSync(join(maildir, 'cur', ':2,S'), '', { mode: 0o600 }),
      ['INBOX forbidden-name'],
    ],
    ['a directory among the messages', ({ maildir }) => mkdirSync(join(maildir, 'cur', 'x')), ['INBOX not-a-file']],
    [
      'a link to nowhere',
      ({ maildir }) => symlinkSync('/nowhere/at/all', join(maildir, 'cur', 'x')),
      ['INBOX dangling-link'],
    ],
    ['a link to a file', ({ maildir }) => symlinkSync('/etc/passwd', join(maildir, 'cur', 'x')), ['INBOX not-a-file']],
    [
      'a delivery that never ended',
      ({ maildir }) => {
        writeFileSync(join(maildir, 'tmp', 'x'), 'half');
        utimesSync(join(maildir, 'tmp', 'x'), twoDaysAgo, twoDaysAgo);
        writeFileSync(join(maildir, 'tmp', 'y'), 'under way');
      },
      ['INBOX stale-tmp'],
    ],
    [
      'a message that all may read',
      ({ maildir }) => chmodSync(join(maildir, 'cur', firstIn(join(maildir, 'cur'))), 0o604),
      ['INBOX open-to-others'],
    ],
    [
      'a message that nobody may read',
      ({ maildir }) => chmodSync(join(maildir, 'cur', firstIn(join(maildir, 'cur'))), 0o000),
      ['INBOX closed-to-owner'],
    ],
    [
      'a message of another date',
      ({ maildir }) => utimesSync(join(maildir, 'cur', firstIn(join(maildir, 'cur'))), twoDaysAgo, twoDaysAgo),
      ['INBOX index-date'],
    ],
    [
      'a delivery that nobody has seen',
      ({ maildir }) => writeFileSync(join(maildir, 'new', '1600000000.x.y'), 'x', { mode: 0o600 }),
      ['INBOX not-in-index'],
    ],
    [
      'a message that was removed',
      ({ maildir }) => rmSync(join(maildir, 'cur', firstIn(join(maildir, 'cur')))),
      ['INBOX not-on-disk'],
    ],
    ['no index', ({ indexFile }) => rmSync(indexFile), [' index-missing']],
    ['an index that is none', ({ indexFile }) => writeFileSync(indexFile, 'x'.repeat(5000)), [' index-damaged']],
    ['a newer index', (home) => inIndex(home, 'PRAGMA user_version = 99'), [' index-version']],
    [
      'a next UID below one',
      (home) => inIndex(home, "UPDATE mailboxes SET uidnext = 2 WHERE folder = ''"),
      ['INBOX uid-next'],
    ],
    [
      'ranges of other UIDs',
      (home) => inIndex(home, 'UPDATE uid_ranges SET last = last + 1 WHERE first = 1 AND last = 3'),
      ['INBOX uid-ranges'],
    ],
    [
      'a low HIGHESTMODSEQ',
      (home) => inIndex(home, "UPDATE mailboxes SET highestmodseq = 1 WHERE folder = ''"),
      ['INBOX mod-seq'],
    ],
    [
      'a UIDVALIDITY that was never given',
      (home) => inIndex(home, "UPDATE mailboxes SET uidvalidity = uidvalidity + 9 WHERE folder = '.Archive'"),
      ['Archive uid-validity'],
    ],
  ];

  it.each(made)('%s', async (_, harm, expected) => {
    const home = await account();
    harm(home);
    expect(await faults(home)).toEqual(expected);
  });
});

it('knows from the last copy what the index has forgotten', async () => {
  const home = await account();
  const db = new DatabaseSync(home.indexFile);
  db.exec(`VACUUM INTO '${home.indexFile}.copy'`);
  db.close();
  expect(await faults(home)).toEqual([]);
  inIndex(home, "DELETE FROM messages; DELETE FROM uid_ranges; UPDATE mailboxes SET uidnext = 1 WHERE folder = ''");
  inIndex(home, "UPDATE mailboxes SET uidvalidity = uidvalidity - 1 WHERE folder = '.Archive'");
  expect(await faults(home)).toEqual(
    expect.arrayContaining(['INBOX uid-next-lowered', 'Archive uid-validity', 'Archive not-in-index']),
  );
});

it('counts what W= claims when it is asked to read', async () => {
  const home = await account();
  writeFileSync(join(home.maildir, 'cur', '1600000000.a.b,S=4,W=6:2,'), 'a\nb\n', { mode: 0o600 });
  writeFileSync(join(home.maildir, 'cur', '1600000001.a.b,S=4,W=4:2,'), 'a\nb\n', { mode: 0o600 });
  const found = await verify(home, true);
  expect(found.filter(({ level }) => level === 'fault')).toEqual([
    expect.objectContaining({
      fault: 'wrong-virtual-size',
      path: 'cur/1600000001.a.b,S=4,W=4:2,',
      detail: 'W=4, and the file has 6 bytes',
    }),
  ]);
});

it('stops when it is told to', async () => {
  const home = await account();
  await expect(collect(verifyMaildir({ ...home, signal: AbortSignal.abort(new Error('enough')) }))).rejects.toThrow(
    'enough',
  );
});
