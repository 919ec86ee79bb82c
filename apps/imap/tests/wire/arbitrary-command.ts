// Any command that a client can send, as fast-check makes them.

import fc from 'fast-check';
import type { CommandBody, SearchKey } from '../../src/wire/command.ts';

type Printable = Exclude<CommandBody, { readonly name: 'APPEND' }>;
type Arbitrary<T> = fc.Arbitrary<T>;

/** Present or absent, never undefined. */
const record = <T extends object, K extends keyof T>(
  model: { [P in keyof T]: Arbitrary<T[P]> },
  optional: readonly K[],
) =>
  fc.record(model, {
    requiredKeys: (Object.keys(model) as (keyof T)[]).filter((name) => !optional.some((o) => o === name)),
  }); // a record's keys are those of its type

const name = <const N extends string>(...names: readonly N[]) => fc.constantFrom(...names);
const some = <T>(member: Arbitrary<T>, minLength = 0) => fc.array(member, { minLength, maxLength: 4 });
const distinct = <const T extends string>(members: readonly T[], minLength = 0) =>
  fc.subarray([...members], { minLength });

const nz = fc.integer({ min: 1, max: 0xffff_ffff });
const modSeq = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const letters = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...'abcXYZ019-_'), minLength, maxLength });
const capability = fc.string({ unit: fc.constantFrom(...'ABCXYZ019=-'), minLength: 1, maxLength: 12 });

/** Text in any script, with whatever makes strings hard. */
const text = fc
  .string({ unit: 'grapheme', maxLength: 12 })
  .map((written) => written.toWellFormed().replaceAll('\0', ''));
const hardText = fc.oneof(
  text,
  fc.constantFrom('', '"', '\\', 'a\r\nb LOGOUT', 'NIL', '{3}', '~{3+}', ' ', '(', '%', 'ü"\\'),
);

/** A mailbox name that is not INBOX in another case, and has nothing that UTF-8 names may not have. */
const mailbox = fc.oneof(
  fc.constantFrom('INBOX', 'Entwürfe', 'R&D', 'a b', '日本/台北', '&', '&-', 'nil', 'a"b\\c', '~x', '😀'),
  text.filter((written) => written !== '' && !/^inbox$/i.test(written) && !/[\p{Cc}\u2028\u2029]/u.test(written)),
);
const pattern = fc.oneof(mailbox, fc.constantFrom('*', '%', '', 'a/%', 'ü*'));

const setNumber = fc.oneof(nz, fc.constant('*' as const));
const sequence = some(
  fc.oneof(
    fc.record({ from: setNumber, to: setNumber }),
    setNumber.map((n) => ({ from: n, to: n })),
  ),
  1,
);
const messages = fc.oneof(sequence, fc.constant('saved' as const));

/** Ascending, without `*`. */
const known = fc.uniqueArray(nz, { minLength: 1, maxLength: 8 }).map((numbers) => numbers.sort((a, b) => a - b));
const singles = (numbers: readonly number[]) => numbers.map((n) => ({ from: n, to: n }));
const match = known.chain((numbers) =>
  fc
    .uniqueArray(nz, { minLength: numbers.length, maxLength: numbers.length })
    .map((uids) => ({ numbers: singles(numbers), uids: singles(uids.sort((a, b) => a - b)) })),
);
const qresync = record({ uidValidity: nz, modSeq, knownUids: known.map(singles), match }, ['knownUids', 'match']);

const statusItems = distinct(
  [
    'MESSAGES',
    'RECENT',
    'UIDNEXT',
    'UIDVALIDITY',
    'UNSEEN',
    'DELETED',
    'SIZE',
    'HIGHESTMODSEQ',
    'APPENDLIMIT',
    'MAILBOXID',
  ],
  1,
);
const selection = distinct(['SUBSCRIBED', 'REMOTE', 'RECURSIVEMATCH', 'SPECIAL-USE']).filter(
  (options) => !options.includes('RECURSIVEMATCH') || options.includes('SUBSCRIBED') || options.includes('SPECIAL-USE'),
);
const returns = record(
  { subscribed: fc.boolean(), children: fc.boolean(), specialUse: fc.boolean(), status: statusItems },
  ['status'],
);
const nothing = { subscribed: false, children: false, specialUse: false };
const list = fc.oneof(
  fc.record({ reference: pattern, pattern }).map(({ reference, pattern: only }) => ({
    ...{ name: 'LIST' as const, reference, patterns: [only], selection: [], returns: nothing, extended: false },
  })),
  fc.record({
    name: name('LIST'),
    reference: pattern,
    patterns: some(pattern, 1),
    selection,
    returns,
    extended: fc.constant(true),
  }),
);

const part = fc.array(fc.integer({ min: 1, max: 99 }), { maxLength: 3 });
const range = fc.record({ start: fc.nat(), length: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }) });
const fields = some(fc.constantFrom('From', 'X-Very-Long', 'a b', '', '"', '\\', '\xfc', 'a]b'), 1);
const section = fc.oneof(
  fc.record({ part, text: name('', 'HEADER', 'TEXT'), fields: fc.constant([]) }),
  fc.record({ part: part.filter(({ length }) => length > 0), text: name('MIME'), fields: fc.constant([]) }),
  fc.record({ part, text: name('HEADER.FIELDS', 'HEADER.FIELDS.NOT'), fields }),
);
const PLAIN = ['UID', 'FLAGS', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE', 'BODY', 'BODYSTRUCTURE', 'RFC822'] as const;
const item = fc.oneof(
  fc.record({ item: name(...PLAIN, 'RFC822.HEADER', 'RFC822.TEXT', 'MODSEQ', 'EMAILID', 'THREADID') }),
  record({ item: name('BODY[]'), peek: fc.boolean(), section, partial: range }, ['partial']),
  record({ item: name('BINARY[]'), peek: fc.boolean(), part, partial: range }, ['partial']),
  fc.record({ item: name('BINARY.SIZE[]'), part }),
);
const changedSince = fc.record({ changedSince: modSeq });
const fetch = fc.oneof(
  fc.tuple(fc.record({ uid: fc.boolean(), vanished: fc.constant(false) }), fc.oneof(changedSince, fc.constant({}))),
  fc.tuple(fc.record({ uid: fc.constant(true), vanished: fc.constant(true) }), changedSince),
);

const day = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const leaf: Arbitrary<SearchKey> = fc.oneof(
  fc.record({ key: name('ALL', 'ANSWERED', 'DELETED', 'DRAFT', 'FLAGGED', 'NEW', 'OLD', 'RECENT', 'SEEN', 'UNSEEN') }),
  fc.record({ key: name('UNANSWERED', 'UNDELETED', 'UNDRAFT', 'UNFLAGGED') }),
  fc.record({ key: name('KEYWORD', 'UNKEYWORD'), keyword: fc.constantFrom('$Junk', 'a', 'Non-Junk') }),
  fc.record({ key: name('BEFORE', 'ON', 'SINCE', 'SENTBEFORE', 'SENTON', 'SENTSINCE'), date: day }),
  fc.record({ key: name('BCC', 'BODY', 'CC', 'FROM', 'SUBJECT', 'TEXT', 'TO'), text: hardText }),
  fc.record({ key: name('HEADER'), field: fc.constantFrom('List-Id', 'a b', ''), text: hardText }),
  fc.record({ key: name('LARGER', 'SMALLER'), size: fc.maxSafeNat() }),
  fc.record({ key: name('SEQUENCE', 'UID'), set: messages }),
  fc.record({ key: name('OLDER', 'YOUNGER'), seconds: nz }),
  fc.record({ key: name('MODSEQ'), modSeq: fc.maxSafeNat() }),
  fc.record({ key: name('EMAILID', 'THREADID'), id: letters(1, 20) }),
);
const { criteria } = fc.letrec<{ criteria: SearchKey }>((tie) => ({
  criteria: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.record({ key: name('NOT'), operand: tie('criteria') }),
    fc.record({ key: name('OR'), operands: fc.tuple(tie('criteria'), tie('criteria')) }),
    fc.record({ key: name('AND'), operands: fc.array(tie('criteria'), { minLength: 2, maxLength: 3 }) }),
  ),
}));

const flags = distinct(['\\Seen', '\\Deleted', '\\Draft', '\\Flagged', '\\Answered', '$Junk', 'Label_1']);
const idField = fc.tuple(letters(1, 30), fc.option(hardText));
const uid = fc.boolean();

const initialResponse = fc.uint8Array({ maxLength: 60 }).map((octets) => Uint8Array.from(octets));

export const command: Arbitrary<Printable> = fc.oneof(
  fc.record({ name: name('CAPABILITY', 'NOOP', 'LOGOUT', 'STARTTLS', 'CHECK', 'CLOSE', 'EXPUNGE', 'IDLE') }),
  fc.record({ name: name('NAMESPACE', 'UNSELECT') }),
  fc.record({ name: name('LOGIN'), user: hardText, password: hardText }),
  record({ name: name('AUTHENTICATE'), mechanism: name('PLAIN', 'SCRAM-SHA-256'), initialResponse }, [
    'initialResponse',
  ]),
  fc.record({ name: name('ENABLE'), capabilities: fc.uniqueArray(capability, { minLength: 1, maxLength: 5 }) }),
  fc.record({ name: name('ID'), fields: fc.option(some(idField)) }),
  fc.record({ name: name('COMPRESS'), mechanism: name('DEFLATE') }),
  record({ name: name('SELECT', 'EXAMINE'), mailbox, condstore: fc.boolean(), qresync }, ['qresync']),
  fc.record({ name: name('CREATE'), mailbox, specialUse: distinct(['\\Sent', '\\Drafts', '\\archive']) }),
  fc.record({ name: name('DELETE', 'SUBSCRIBE', 'UNSUBSCRIBE'), mailbox }),
  fc.record({ name: name('RENAME'), from: mailbox, to: mailbox }),
  list,
  fc.record({ name: name('LSUB'), reference: pattern, pattern }),
  fc.record({ name: name('STATUS'), mailbox, items: statusItems }),
  record({ name: name('SEARCH'), uid, criteria, returns: distinct(['MIN', 'MAX', 'ALL', 'COUNT', 'SAVE']) }, [
    'returns',
  ]),
  fc
    .tuple(fc.record({ name: name('FETCH'), set: messages, items: some(item, 1) }), fetch)
    .map(([wanted, [how, since]]) => ({ ...wanted, ...how, ...since })),
  record(
    {
      name: name('STORE'),
      uid,
      set: messages,
      operation: name('add', 'remove', 'replace'),
      silent: fc.boolean(),
      flags,
      unchangedSince: fc.maxSafeNat(),
    },
    ['unchangedSince'],
  ),
  fc.record({ name: name('COPY', 'MOVE'), uid, set: messages, mailbox }),
  fc.record({ name: name('UID EXPUNGE'), set: messages }),
);
