// Beside a Dovecot 2.3.19 on the same messages: ENVELOPE, BODY and BODYSTRUCTURE of each, and what searches find. Where the two
// differ, the reason stands here.
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Dovecot, startDovecot } from '../../bench/support/dovecot.ts';
import { fetchItems } from '../support/imap-tree.ts';
import { testMessages } from '../support/mail.ts';
import { type Platform, passwordOf, startPlatform } from '../support/platform.ts';
import { describeWith } from '../support/programs.ts';
import { connectImap, type RawImap, signedIn } from '../support/raw-imap.ts';

const messages = testMessages();
const DAY = 86_400;

/** A Maildir with all messages: every ninth day one, every third unread. */
function fill(maildir: string): void {
  for (const name of ['cur', 'new', 'tmp']) mkdirSync(join(maildir, name), { recursive: true });
  for (const [place, { bytes }] of messages.entries()) {
    const time = 1_600_000_000 + place * 9 * DAY;
    const path = join(maildir, 'cur', `${time}.M${place}P1.host:2,${place % 3 === 0 ? '' : 'S'}`);
    writeFileSync(path, bytes);
    utimesSync(path, time, time);
  }
}

const NO_TYPE =
  'a Content-Type without type and subtype is text/plain (RFC 2045 §5.2); Dovecot shows two empty strings';
const INNER_END =
  'the line end before a boundary belongs to it (RFC 2046 §5.1.1); Dovecot counts it to the message inside';

/** Messages whose structures differ. */
const STRUCTURES: Readonly<Record<string, string>> = {
  'boundary-missing.eml':
    'a multipart without a boundary is read as text, so that people see it; Dovecot shows an empty part',
  'encoded.eml':
    'a parameter without a name is none; Dovecot takes it for one with an empty name, and loses the one after it',
  'mangled.eml': 'what can be read of a broken Content-Type and of broken addresses is shown; Dovecot gives up',
  'rfc3501-parts.eml': INNER_END,
  'james-james-3901.eml': 'parameters come in the order of the message; Dovecot puts those of RFC 2231 last',
  'james-oneAttachmentWithEmptyContentType.eml': NO_TYPE,
  'mimekit-feedback-report.eml':
    'of <Undisclosed Recipients> both words are shown; Dovecot says SYNTAX_ERROR after the first',
  'mimekit-missing-subtype.eml': NO_TYPE,
  'mimekit-rfc2060.eml': INNER_END,
  'mimekit-content-length.mbox#1': 'an empty parameter is passed over; Dovecot reads no further, and finds no boundary',
};

interface Difference {
  readonly keys: string;
  /** Messages that this server alone finds, or Dovecot alone. */
  readonly ours?: readonly string[];
  readonly theirs?: readonly string[] | 'without-date';
  readonly why?: string;
}

const INSIDE = 'the header of a message inside is a part of the body; Dovecot leaves it out';

const SEARCHES: readonly Difference[] = [
  {
    keys: 'FROM "a"',
    ours: ['mimekit-content-length.mbox#7'],
    theirs: ['boundary-never.eml', 'james-james-3901.eml'],
    why: 'Dovecot searches addresses as it understood them, with its MISSING_DOMAIN',
  },
  ...['FROM "linagora"', 'TO "james"', 'CC "a"', 'BCC "a"', 'SUBJECT "test"', 'SUBJECT "é"'].map((keys) => ({ keys })),
  ...['BODY "hello"', 'BODY "image"', 'BODY "<html"', 'BODY "é"', 'BODY "日"', 'BODY "при"'].map((keys) => ({ keys })),
  ...['TEXT "multipart"', 'TEXT "utf-8"', 'TEXT "café"', 'TEXT "base64"', 'NOT TEXT "the"'].map((keys) => ({ keys })),
  ...['HEADER Content-Type "alternative"', 'HEADER Message-ID ""', 'HEADER DKIM-Signature "rsa"'].map((keys) => ({
    keys,
  })),
  ...['SENTSINCE 1-Jan-2015', 'SENTON 21-Jul-1996', 'SINCE 1-Jan-2022', 'BEFORE 1-Jan-2021'].map((keys) => ({ keys })),
  ...['ON 13-Sep-2020', 'LARGER 10000', 'SMALLER 800', 'SEEN', 'NOT SEEN BODY "the"'].map((keys) => ({ keys })),
  ...['OR FROM "james" SUBJECT "mail"', 'NOT (TEXT "image" BODY "the")', '5:30,70:* NOT TEXT "the"'].map((keys) => ({
    keys,
  })),
  {
    keys: 'SENTBEFORE 1-Jan-2000',
    theirs: 'without-date',
    why: 'a message without a Date was sent at no time; Dovecot takes it for one of 1970',
  },
  {
    keys: 'BODY "attachment"',
    ours: ['james-embeddedAttachmentWithAttachment.eml', ...[3, 16, 17].map((n) => `mimekit-content-length.mbox#${n}`)],
    why: INSIDE,
  },
  {
    keys: 'BODY "--"',
    ours: [
      ...['boundary-missing.eml', 'james-embeddedAttachmentWithAttachment.eml', 'james-nested.eml'],
      ...['james-recursiveMail.eml', 'mimekit-content-length.mbox#1', 'mimekit-content-length.mbox#5'],
    ],
    why: `${INSIDE}; the two whose structures differ`,
  },
];

const octets = (text: string): string => Buffer.from(text).toString('latin1');

describeWith(['dovecot'], 'beside Dovecot', () => {
  let platform: Platform;
  let dovecot: Dovecot;
  let ours: RawImap;
  let theirs: RawImap;
  const folder = mkdtempSync(join(tmpdir(), 'beside-dovecot-'));

  beforeAll(async () => {
    platform = await startPlatform();
    await platform.addUser('alice');
    fill(join(platform.dataDir, 'mail/alice/Maildir'));
    fill(join(folder, 'Maildir'));
    dovecot = await startDovecot(join(folder, 'Maildir'));
    ours = await signedIn(platform.ports.imaps, platform.ca, 'alice', passwordOf('alice'));
    theirs = await connectImap(dovecot.port);
    await theirs.command('LOGIN bench any');
    await theirs.command('SELECT INBOX');
  }, 60_000);
  afterAll(async () => {
    ours?.close();
    theirs?.close();
    await dovecot?.stop();
    await platform?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const here = (names: Iterable<string>): string[] => {
    const known = new Set(names);
    return messages.flatMap(({ name }) => (known.has(name) ? [name] : []));
  };

  test('ENVELOPE, BODY, BODYSTRUCTURE and sizes', async () => {
    const different = new Set<string>();
    for (const [place, { name }] of messages.entries()) {
      const command = `FETCH ${place + 1} (UID RFC822.SIZE ENVELOPE BODY BODYSTRUCTURE)`;
      const mine = fetchItems(await ours.command(command));
      const other = fetchItems(await theirs.command(command));
      expect([...mine.keys()].sort(), name).toEqual([...other.keys()].sort());
      for (const [item, value] of other) {
        if (JSON.stringify(mine.get(item)) === JSON.stringify(value)) continue;
        different.add(name);
        if (STRUCTURES[name] === undefined) expect(mine.get(item), `${name} ${item}`).toEqual(value);
      }
    }
    expect(here(different)).toEqual(here(Object.keys(STRUCTURES)));
  });

  async function found(imap: RawImap, keys: string): Promise<ReadonlySet<string>> {
    const literals = octets(keys).replace(/"([^"]*)"/g, (_, text: string) => `{${text.length}+}\r\n${text}`);
    const reply = await imap.command(`UID SEARCH CHARSET UTF-8 ${literals}`);
    const uids = /^\* SEARCH([ 0-9]*)\r$/m.exec(reply)?.[1];
    if (uids === undefined) throw new Error(`${keys}: ${reply}`);
    return new Set(uids.split(' ').flatMap((uid) => messages[Number(uid) - 1]?.name ?? []));
  }

  const withoutDate = () =>
    messages.flatMap(({ name, bytes }) => {
      const [header = ''] = bytes.toString('latin1').split(/\r?\n\r?\n/);
      return /^date:/im.test(header) ? [] : name;
    });

  test.each(SEARCHES)('SEARCH $keys', async ({ keys, ours: mine = [], theirs: other = [] }) => {
    const [a, b] = [await found(ours, keys), await found(theirs, keys)];
    const only = (these: ReadonlySet<string>, those: ReadonlySet<string>) =>
      here([...these].filter((name) => !those.has(name)));
    expect({ ours: only(a, b), theirs: only(b, a) }).toEqual({
      ours: here(mine),
      theirs: here(other === 'without-date' ? withoutDate() : other),
    });
  });
});
