import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { INBOX, type Mailbox, openMailStore, parseUid } from '@scorpiox/maildir';
import { type Config, loadConfig, mailPlaces } from '@scorpiox/shared/config';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planRepair } from '../../src/ops/mail/repair/repair.ts';
import { withMail } from '../../src/ops/mail/store.ts';
import { verifyMail } from '../../src/ops/mail/verify.ts';
import type { Plan } from '../../src/ops/plan/plan.ts';
import { runPlan } from '../../src/ops/runs/run-plan.ts';
import { undoRun } from '../../src/ops/runs/undo-run.ts';
import { addUser } from '../../src/ops/user/add-user.ts';
import { temporaryFolder } from '../support/scorpiox.ts';

/** An installation whose user alice has three messages in INBOX and one in Archive; each test gets a copy. */
let template = '';

const configOf = (dataDir: string): Config => {
  const config = loadConfig({ env: { SCORPIOX_DATA_DIR: dataDir }, flags: {}, cwd: '/' });
  if (!config.ok) throw new Error('no configuration');
  return config.value;
};

beforeAll(async () => {
  template = await mkdtemp(join(tmpdir(), 'scorpiox-repair-'));
  const config = configOf(template);
  await addUser(config, { name: 'alice', password: 'secret' }, () => undefined);
  await withMail({ config, user: 'alice', print: () => undefined }, async (store) => {
    const listed = await store.list();
    const archive = listed.ok ? listed.value.find(({ name }) => name === 'Archive')?.name : undefined;
    for (const mailbox of [INBOX, INBOX, INBOX, archive ?? INBOX]) {
      const content = Buffer.from('Subject: x\n\nbody\n');
      const appended = await store.append(mailbox, { content, flags: ['\\Seen'] });
      if (!appended.ok) throw new Error(appended.error.message);
    }
    return { ok: true, value: undefined };
  });
  const { indexFile } = mailPlaces(config, 'alice');
  rmSync(`${indexFile}.copy`, { force: true });
  const db = new DatabaseSync(indexFile);
  db.exec(`VACUUM INTO '${indexFile}.copy'`);
  db.close();
});

afterAll(() => rm(template, { recursive: true, force: true }));

interface Home {
  readonly config: Config;
  readonly home: string;
  readonly maildir: string;
  readonly indexFile: string;
}

async function account(): Promise<Home> {
  const dataDir = await temporaryFolder();
  await cp(template, dataDir, { recursive: true, preserveTimestamps: true });
  const config = configOf(dataDir);
  return { config, home: join(dataDir, 'mail', 'alice'), ...mailPlaces(config, 'alice') };
}

/** What verify says, without the notes of what settles by itself. */
async function faultsOf({ config }: Home): Promise<readonly string[]> {
  const verified = await verifyMail(config, { users: ['alice'], contents: true, most: 100 });
  if (!verified.ok) throw new Error(verified.error.message);
  return verified.value.findings.flatMap(({ level, mailbox, fault }) =>
    level === 'fault' ? [`${mailbox} ${fault}`] : [],
  );
}

async function repairOf({ config }: Home, clock = Date.now) {
  const planned = await planRepair(config, { users: [], contents: true, clock });
  if (!planned.ok) throw new Error(planned.error.message);
  return planned.value;
}

async function apply({ home }: Home, plan: Plan): Promise<string> {
  const applied = await runPlan(plan, { folder: join(home, 'runs'), stop: new AbortController().signal });
  if (!applied.ok) throw new Error(applied.error.message);
  expect(applied.value.failure).toBeUndefined();
  return applied.value.run;
}

async function undo(account: Home, run: string): Promise<void> {
  const planned = await undoRun(join(account.home, 'runs'), run);
  if (!planned.ok) throw new Error(planned.error.message);
  expect(planned.value.left).toEqual([]);
  await apply(account, planned.value.plan);
}

/** Every file of the account with what can be seen of it, but for the index and its last UIDVALIDITY, and what is set aside. */
function filesOf({ home }: Home): readonly string[] {
  return readdirSync(home, { recursive: true, encoding: 'latin1' })
    .filter((name) => !/^(index\.db|text\.db|runs|set-aside)|scorpiox-uidvalidity$/.test(name))
    .map((name) => {
      const { mode, uid, mtimeMs, size } = lstatSync(Buffer.from(`${home}/${name}`, 'latin1'));
      const isDirectory = (mode & 0o170000) === 0o040000;
      return `${name} ${mode} ${uid}${isDirectory ? '' : ` ${Math.floor(mtimeMs / 1_000)} ${size}`}`;
    })
    .sort();
}

const inCur = ({ maildir }: Home): string => {
  const [name] = readdirSync(join(maildir, 'cur')).sort();
  if (name === undefined) throw new Error('no message');
  return join(maildir, 'cur', name);
};

const rename = (home: Home, change: (path: string) => string): void => renameSync(inCur(home), change(inCur(home)));

const inIndex = ({ indexFile }: Home, sql: string): void => {
  const db = new DatabaseSync(indexFile);
  db.exec(sql);
  db.close();
};

const message = (path: string | Buffer, text: string): void => writeFileSync(path, text, { mode: 0o600 });
const twoDaysAgo = Date.now() / 1_000 - 48 * 3_600;

/** What is done to the account, and the faults that this makes. */
const HARMS: readonly (readonly [string, (home: Home) => void, readonly string[]])[] = [
  [
    'a folder without tmp',
    ({ maildir }) => rmSync(join(maildir, '.Archive', 'tmp'), { recursive: true }),
    ['Archive no-directory'],
  ],
  [
    'a file where tmp should be',
    ({ maildir }) => {
      rmSync(join(maildir, 'tmp'), { recursive: true });
      message(join(maildir, 'tmp'), 'x');
    },
    ['INBOX no-directory'],
  ],
  [
    'two messages of one base name',
    (home) => {
      const path = join(home.maildir, 'new', inCur(home).replace(/.*\/|:.*/g, ''));
      message(path, 'other');
      utimesSync(path, twoDaysAgo, twoDaysAgo);
    },
    ['wrong-size', 'wrong-virtual-size', 'index-size', 'index-date', 'duplicate-base'].map((fault) => `INBOX ${fault}`),
  ],
  ['one file under two names', (home) => linkSync(inCur(home), `${inCur(home)}T`), ['INBOX two-names']],
  [
    'a name that tells a wrong size',
    (home) => rename(home, (path) => path.replace(/,S=\d+/, ',S=7')),
    ['INBOX wrong-size'],
  ],
  [
    'a name that tells a wrong size with line ends',
    ({ maildir }) => message(join(maildir, 'cur', '1600000001.a.b,S=4,W=4:2,'), 'a\nb\n'),
    ['INBOX wrong-virtual-size'],
  ],
  [
    'a message that was changed in place',
    (home) => {
      const { mtime, atime } = statSync(inCur(home));
      writeFileSync(inCur(home), 'Subject: another\n\nand longer\n');
      utimesSync(inCur(home), atime, mtime);
    },
    ['INBOX wrong-size', 'INBOX wrong-virtual-size', 'INBOX index-size'],
  ],
  [
    'a name that is no text',
    ({ maildir }) =>
      message(Buffer.concat([Buffer.from(`${maildir}/cur/1600000000.`), Buffer.of(0xff), Buffer.from(':2,S')]), 'x'),
    ['INBOX forbidden-name'],
  ],
  [
    'a name that begins with a colon',
    ({ maildir }) => message(join(maildir, 'cur', ':2,S'), ''),
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
      message(join(maildir, '.Archive', 'tmp', 'x'), 'half');
      utimesSync(join(maildir, '.Archive', 'tmp', 'x'), twoDaysAgo, twoDaysAgo);
    },
    ['Archive stale-tmp'],
  ],
  ['a message that all may read', (home) => chmodSync(inCur(home), 0o604), ['INBOX open-to-others']],
  ['a message that nobody may read', (home) => chmodSync(inCur(home), 0), ['INBOX closed-to-owner']],
  ['letters that nobody knows', (home) => rename(home, (path) => `${path}XZ`), ['INBOX unknown-flag']],
  ['a keyword without a name', (home) => rename(home, (path) => `${path}k`), ['INBOX unnamed-keyword']],
  ['a message of another date', (home) => utimesSync(inCur(home), twoDaysAgo, twoDaysAgo), ['INBOX index-date']],
  [
    'nearly all of it at once',
    (home) => {
      const path = `${inCur(home).replace(/,S=\d+/, ',S=7')}Xk`;
      rename(home, () => path);
      chmodSync(path, 0o006);
    },
    [
      'INBOX open-to-others',
      'INBOX closed-to-owner',
      'INBOX wrong-size',
      'INBOX unknown-flag',
      'INBOX unnamed-keyword',
    ],
  ],
  ['no index', ({ indexFile }) => rmSync(indexFile), [' index-missing']],
  ['an index that is none', ({ indexFile }) => writeFileSync(indexFile, 'x'.repeat(5_000)), [' index-damaged']],
  [
    'a next UID below one',
    (home) => {
      rmSync(`${home.indexFile}.copy`);
      inIndex(home, "UPDATE mailboxes SET uidnext = 2 WHERE folder = ''");
    },
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
  [
    'a next UID that was lowered since the last copy',
    (home) =>
      inIndex(home, "DELETE FROM messages; DELETE FROM uid_ranges; UPDATE mailboxes SET uidnext = 1 WHERE folder = ''"),
    ['INBOX uid-next-lowered'],
  ],
  [
    'a UIDVALIDITY that was lowered',
    (home) => inIndex(home, "UPDATE mailboxes SET uidvalidity = uidvalidity - 1 WHERE folder = '.Archive'"),
    ['Archive uid-validity'],
  ],
];

const afterwards = () => Date.now() + 120_000;

describe('each fault is found, mended, found no more, and undone', () => {
  it.each(HARMS)('%s', async (_, harm, faults) => {
    const account_ = await account();
    harm(account_);
    const before = filesOf(account_);
    expect(await faultsOf(account_)).toEqual(faults);
    const { plan, left } = await repairOf(account_, afterwards);
    expect(left).toEqual([]);
    expect(plan.steps.every(({ canUndo }) => canUndo)).toBe(true);
    expect(filesOf(account_)).toEqual(before); // a plan changes nothing
    const run = await apply(account_, plan);
    expect(await faultsOf(account_)).toEqual([]);
    await undo(account_, run);
    expect(await faultsOf(account_)).toEqual(faults);
    expect(filesOf(account_)).toEqual(before);
  });

  it.runIf(process.getuid?.() === 0)('a message of somebody else (as root)', async () => {
    const home = await account();
    chownSync(inCur(home), 12_345, 12_345);
    expect(await faultsOf(home)).toEqual(['INBOX wrong-owner']);
    const run = await apply(home, (await repairOf(home)).plan);
    expect(await faultsOf(home)).toEqual([]);
    await undo(home, run);
    expect(await faultsOf(home)).toEqual(['INBOX wrong-owner']);
  });
});

it('finds nothing to do where nothing is wrong', async () => {
  expect(await repairOf(await account())).toEqual({ plan: { title: 'mail repair', steps: [] }, left: [] });
});

/** Opens INBOX, looks at it, and lets somebody use it. */
async function withInbox<T>({ maildir, indexFile }: Home, use: (mailbox: Mailbox) => Promise<T>): Promise<T> {
  const opened = await openMailStore({ maildir, indexFile });
  if (!opened.ok) throw new Error(opened.error.message);
  try {
    const mailbox = await opened.value.open(INBOX);
    if (!mailbox.ok) throw new Error(mailbox.error.message);
    await mailbox.value.refresh();
    const used = await use(mailbox.value);
    await mailbox.value.close();
    return used;
  } finally {
    await opened.value.close();
  }
}

/** The first message's name tells a wrong size, in the index as well: as a program leaves it that counted wrongly. */
function tellWrongSize(home: Home): void {
  rename(home, (path) => path.replace(/,S=\d+/, ',S=7'));
  inIndex(home, `UPDATE messages SET base = '${inCur(home).replace(/.*\/|:.*/g, '')}' WHERE uid = 1`);
}

describe('what clients know stays true', () => {
  const inbox = (home: Home) => withInbox(home, async (mailbox) => [...mailbox.uids()]);

  it('a message whose name told a wrong size keeps its UID', async () => {
    const home = await account();
    tellWrongSize(home);
    await apply(home, (await repairOf(home)).plan);
    expect(await inbox(home)).toEqual([1, 2, 3]);
  });

  it('one whose name alone tells a wrong size is called again what the index calls it', async () => {
    const home = await account();
    const before = inCur(home);
    rename(home, (path) => path.replace(/,S=\d+/, ',S=1'));
    const planned = await planRepair(home.config, { users: [], contents: false });
    if (!planned.ok) throw new Error(planned.error.message);
    await apply(home, planned.value.plan);
    expect(readdirSync(join(home.maildir, 'cur'))).toContain(before.replace(/.*\//, ''));
    expect(await inbox(home)).toEqual([1, 2, 3]);
  });

  it('one that is another now gets a new UID', async () => {
    const home = await account();
    writeFileSync(inCur(home), 'Subject: another\n\nand longer\n');
    await apply(home, (await repairOf(home)).plan);
    expect(await inbox(home)).toEqual([2, 3, 4]);
  });

  it('both of two with one base name are there', async () => {
    const home = await account();
    message(join(home.maildir, 'new', inCur(home).replace(/.*\/|:.*/g, '')), 'other');
    await apply(home, (await repairOf(home)).plan);
    expect(await inbox(home)).toEqual([1, 2, 3, 4]);
  });
});

describe('beside others', () => {
  it('mends files under an open mailbox, which keeps its UIDs and goes on', async () => {
    const home = await account();
    tellWrongSize(home);
    symlinkSync('/nowhere/at/all', join(home.maildir, 'cur', 'x'));
    await withInbox(home, async (mailbox) => {
      expect([...mailbox.uids()]).toEqual([1, 2, 3]);
      const uid = parseUid(1);
      if (uid === undefined) throw new Error('no UID');
      const { plan, left } = await repairOf(home);
      expect({ steps: plan.steps.length, left }).toEqual({ steps: 2, left: [] });
      const run = await apply(home, plan);
      await mailbox.refresh();
      expect([...mailbox.uids()]).toEqual([1, 2, 3]);
      expect(await mailbox.store([uid], { operation: 'add', flags: ['\\Flagged'] })).toMatchObject({ ok: true });
      expect(inCur(home)).toMatch(/,S=17.*:2,FS$/);
      // Flagged since, it is left as it is; the other step is taken back.
      const undone = await undoRun(join(home.home, 'runs'), run);
      expect(undone).toMatchObject({
        ok: true,
        value: { left: [expect.stringContaining('followed by other changes')] },
      });
    });
    expect(await faultsOf(home)).toEqual([]);
  });

  it('leaves a second name alone that may be a move', async () => {
    const home = await account();
    linkSync(inCur(home), `${inCur(home)}T`);
    const { plan, left } = await repairOf(home);
    expect({ steps: plan.steps, left }).toEqual({ steps: [], left: [expect.stringContaining('may be a move')] });
  });

  it('sets no numbers while somebody has the mail open, neither planned nor applied', async () => {
    const home = await account();
    inIndex(home, "UPDATE mailboxes SET uidnext = 2 WHERE folder = ''");
    const { plan } = await repairOf(home);
    expect(plan.steps).toHaveLength(1);
    const opened = await openMailStore(home);
    if (!opened.ok) throw new Error(opened.error.message);
    try {
      const { plan: none, left } = await repairOf(home);
      expect({ steps: none.steps, left }).toEqual({
        steps: [],
        left: [expect.stringContaining('Stop the IMAP server')],
      });
      const applied = await runPlan(plan, { folder: join(home.home, 'runs'), stop: new AbortController().signal });
      expect(applied).toMatchObject({ ok: true, value: { state: 'stale', done: 0, failure: { kind: 'stale' } } });
    } finally {
      await opened.value.close();
    }
  });

  it('replaces nothing that has the name by now', async () => {
    const home = await account();
    symlinkSync('/nowhere/at/all', join(home.maildir, 'cur', 'x'));
    const { plan } = await repairOf(home);
    mkdirSync(join(home.home, 'set-aside', 'INBOX', 'cur'), { recursive: true });
    writeFileSync(join(home.home, 'set-aside', 'INBOX', 'cur', 'x'), 'in the way');
    const applied = await runPlan(plan, { folder: join(home.home, 'runs'), stop: new AbortController().signal });
    expect(applied).toMatchObject({ ok: true, value: { state: 'stale' } });
    await apply(home, (await repairOf(home)).plan); // a plan made now takes another name
    expect(readFileSync(join(home.home, 'set-aside', 'INBOX', 'cur', 'x'), 'utf8')).toBe('in the way');
    expect(lstatSync(join(home.home, 'set-aside', 'INBOX', 'cur', 'x.1')).isSymbolicLink()).toBe(true);
  });
});
