import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCommand } from '../../src/wire/parse.ts';
import { body, failure, one, parse, UTF8 } from './parsing.ts';
import { bytes } from './transcript.ts';

const criteria = (line: string) => {
  const command = body(`SEARCH ${line}`);
  return 'criteria' in command ? command.criteria : command;
};

const whole = { part: [], text: '', fields: [] };

describe('commands without arguments', () => {
  it.each([
    'CAPABILITY',
    'NOOP',
    'LOGOUT',
    'STARTTLS',
    'CHECK',
    'CLOSE',
    'EXPUNGE',
    'IDLE',
    'NAMESPACE',
    'UNSELECT',
  ])('%s', (name) => {
    expect(parse(`A1 ${name}`)).toEqual({ ok: true, value: { tag: 'A1', body: { name } } });
    expect(parse(`a.1 ${name.toLowerCase()} `)).toEqual({ ok: true, value: { tag: 'a.1', body: { name } } });
    expect(failure(`A1 ${name} now`)).toBe('syntax');
  });
});

const plainList = (reference: string, pattern: string) => ({
  name: 'LIST',
  reference,
  patterns: [pattern],
  selection: [],
  returns: { subscribed: false, children: false, specialUse: false },
  extended: false,
});

describe('commands with arguments (RFC 3501 §6)', () => {
  it.each([
    ['LOGIN SMITH SESAME', { name: 'LOGIN', user: 'SMITH', password: 'SESAME' }],
    ['LOGIN {11+}\r\nFRED FOOBAR {7+}\r\nfat man', { name: 'LOGIN', user: 'FRED FOOBAR', password: 'fat man' }],
    ['login "a\\"b" "c\\\\d]"', { name: 'LOGIN', user: 'a"b', password: 'c\\d]' }],
    ['LOGIN a]b %', 'syntax'],
    ['LOGIN "\xc3\xbc" "\xfc"', { name: 'LOGIN', user: 'ü', password: 'ü' }],
    ['AUTHENTICATE gssapi', { name: 'AUTHENTICATE', mechanism: 'GSSAPI' }],
    ['SELECT INBOX', { name: 'SELECT', mailbox: 'INBOX', condstore: false }],
    ['SELECT inBox', { name: 'SELECT', mailbox: 'INBOX', condstore: false }],
    ['EXAMINE blurdybloop', { name: 'EXAMINE', mailbox: 'blurdybloop', condstore: false }],
    ['CREATE owatagusiam/blurdybloop', { name: 'CREATE', mailbox: 'owatagusiam/blurdybloop', specialUse: [] }],
    [
      'CREATE "~peter/mail/&U,BTFw-/&ZeVnLIqe-"',
      { name: 'CREATE', mailbox: '~peter/mail/台北/日本語', specialUse: [] },
    ],
    ['DELETE &AEE-', 'bad-mailbox-name'],
    ['DELETE ""', 'bad-mailbox-name'],
    ['RENAME blurdybloop sarasoop', { name: 'RENAME', from: 'blurdybloop', to: 'sarasoop' }],
    ['SUBSCRIBE #news.comp.mail.mime', { name: 'SUBSCRIBE', mailbox: '#news.comp.mail.mime' }],
    ['UNSUBSCRIBE #news', { name: 'UNSUBSCRIBE', mailbox: '#news' }],
    ['LIST "" ""', plainList('', '')],
    ['LIST /usr/staff/jones ""', plainList('/usr/staff/jones', '')],
    ['LIST ~/Mail/ %', plainList('~/Mail/', '%')],
    ['LSUB "#news." "comp.%"', { name: 'LSUB', reference: '#news.', pattern: 'comp.%' }],
    [
      'STATUS blurdybloop (UIDNEXT MESSAGES)',
      { name: 'STATUS', mailbox: 'blurdybloop', items: ['UIDNEXT', 'MESSAGES'] },
    ],
    ['STATUS blurdybloop ()', 'syntax'],
    ['STATUS blurdybloop (SIZES)', 'syntax'],
    ['COPY 2:4 MEETING', { name: 'COPY', uid: false, set: one(2, 4), mailbox: 'MEETING' }],
    ['UID EXPUNGE 3000:3002', { name: 'UID EXPUNGE', set: one(3000, 3002) }],
    ['UID NOOP', 'unknown-command'],
    ['XYZZY', 'unknown-command'],
    ['APPEND INBOX "no literal"', 'syntax'],
    ['SELECT', 'syntax'],
    ['SELECT  INBOX', 'syntax'],
  ])('%s', (line, expected) => {
    expect(typeof expected === 'string' ? failure(`A1 ${line}`) : body(line)).toEqual(expected);
  });

  it('reads an initial response, and refuses one that is not base64', () => {
    expect(body('AUTHENTICATE PLAIN AGEAYg==')).toMatchObject({ initialResponse: Uint8Array.of(0, 97, 0, 98) });
    expect(body('AUTHENTICATE EXTERNAL =')).toMatchObject({ initialResponse: new Uint8Array(0) });
    expect(failure('A1 AUTHENTICATE PLAIN AGEAYg=')).toBe('syntax');
    expect(failure('A1 AUTHENTICATE PLAIN A')).toBe('syntax');
  });

  it('takes only INBOX for INBOX, not what upper-cases to it', () => {
    expect(body('SELECT "&ATE-nbox"')).toMatchObject({ mailbox: 'ınbox' });
  });
});

describe('FETCH', () => {
  it.each([
    [
      '2:4 (FLAGS BODY[HEADER.FIELDS (DATE FROM)])',
      [
        { item: 'FLAGS' },
        { item: 'BODY[]', peek: false, section: { part: [], text: 'HEADER.FIELDS', fields: ['DATE', 'FROM'] } },
      ],
    ],
    ['2:4 fast', [{ item: 'FLAGS' }, { item: 'INTERNALDATE' }, { item: 'RFC822.SIZE' }]],
    ['2:4 ALL', [{ item: 'FLAGS' }, { item: 'INTERNALDATE' }, { item: 'RFC822.SIZE' }, { item: 'ENVELOPE' }]],
    [
      '2:4 FULL',
      [
        ...[
          { item: 'FLAGS' },
          { item: 'INTERNALDATE' },
          { item: 'RFC822.SIZE' },
          { item: 'ENVELOPE' },
          { item: 'BODY' },
        ],
      ],
    ],
    [
      '2:4 (rfc822 RFC822.HEADER rfc822.text UID bodystructure)',
      [
        ...[
          { item: 'RFC822' },
          { item: 'RFC822.HEADER' },
          { item: 'RFC822.TEXT' },
          { item: 'UID' },
          { item: 'BODYSTRUCTURE' },
        ],
      ],
    ],
    ['2:4 BODY[]', [{ item: 'BODY[]', peek: false, section: whole }]],
    ['2:4 body.peek[]<0.2048>', [{ item: 'BODY[]', peek: true, section: whole, partial: { start: 0, length: 2048 } }]],
    ['2:4 BODY[1.2]', [{ item: 'BODY[]', peek: false, section: { part: [1, 2], text: '', fields: [] } }]],
    ['2:4 BODY[4.2.MIME]', [{ item: 'BODY[]', peek: false, section: { part: [4, 2], text: 'MIME', fields: [] } }]],
    ['2:4 BODY[TEXT]', [{ item: 'BODY[]', peek: false, section: { part: [], text: 'TEXT', fields: [] } }]],
    [
      '2:4 BODY[3.HEADER.FIELDS.NOT ("a b" {1+}\r\nc)]',
      [{ item: 'BODY[]', peek: false, section: { part: [3], text: 'HEADER.FIELDS.NOT', fields: ['a b', 'c'] } }],
    ],
  ])('%s', (line, items) => {
    expect(body(`FETCH ${line}`)).toEqual({ name: 'FETCH', uid: false, set: one(2, 4), items, vanished: false });
    expect(body(`UID FETCH ${line}`)).toEqual({ name: 'FETCH', uid: true, set: one(2, 4), items, vanished: false });
  });

  it.each([
    ...['1 ()', '1 (ALL)', '1 BODY[', '1 BODY[MIME]', '1 BODY[0]', '1 BODY[1.]', '1 BODY[1.0]', '1 BODY[]<1>'],
    ...[
      '1 BODY[]<1.0>',
      '1 BODY[HEADER.FIELDS ()]',
      '1 BODY[HEADER.FIELDS]',
      '1 FLAGS UID',
      '1 NOTHING',
      '0 FLAGS',
      '1',
    ],
    ...[`1 BODY[${'1.'.repeat(5_000)}1]`, '1 (FLAGS', `1 ${'('.repeat(10_000)}`],
  ])('refuses %s', (line) => {
    expect(failure(`A1 FETCH ${line}`)).toBe('syntax');
  });
});

describe('STORE', () => {
  it.each([
    ['2:4 +FLAGS (\\Deleted)', 'add', false, ['\\Deleted']],
    ['2:4 -flags.silent (\\SEEN $Junk)', 'remove', true, ['\\Seen', '$Junk']],
    ['2:4 FLAGS.SILENT ()', 'replace', true, []],
    ['2:4 FLAGS \\Answered \\Flagged junk', 'replace', false, ['\\Answered', '\\Flagged', 'junk']],
  ])('%s', (line, operation, silent, flags) => {
    expect(body(`STORE ${line}`)).toEqual({ name: 'STORE', uid: false, set: one(2, 4), operation, silent, flags });
  });

  it.each([
    '1 +FLAGS (\\Recent)',
    '1 FLAGS (\\Nonsense)',
    '1 FLAGS',
    '1 FLAGSX (a)',
    '1 +FLAGS (a',
    '1 FLAGS ((a))',
  ])('refuses %s', (line) => expect(failure(`A1 STORE ${line}`)).toBe('syntax'));
});

describe('SEARCH', () => {
  it('reads the examples of RFC 3501 §6.4.4', () => {
    expect(criteria('FLAGGED SINCE 1-Feb-1994 NOT FROM "Smith"')).toEqual({
      key: 'AND',
      operands: [
        { key: 'FLAGGED' },
        { key: 'SINCE', date: '1994-02-01' },
        { key: 'NOT', operand: { key: 'FROM', text: 'Smith' } },
      ],
    });
    expect(criteria('CHARSET UTF-8 TEXT {6+}\r\n\xd0\xbc\xd0\xb0\xd0\xb9')).toEqual({ key: 'TEXT', text: 'май' });
  });

  it.each([
    ['ALL', { key: 'ALL' }],
    ['1:3,5,*:7', { key: 'SEQUENCE', set: [...one(1, 3), ...one(5), { from: '*', to: 7 }] }],
    ['uid 4:*', { key: 'UID', set: [{ from: 4, to: '*' }] }],
    [
      'OR SEEN (DELETED UNDRAFT)',
      {
        key: 'OR',
        operands: [{ key: 'SEEN' }, { key: 'AND', operands: [{ key: 'DELETED' }, { key: 'UNDRAFT' }] }],
      },
    ],
    ['HEADER "Message-ID" ""', { key: 'HEADER', field: 'Message-ID', text: '' }],
    ['KEYWORD $Junk', { key: 'KEYWORD', keyword: '$Junk' }],
    ['LARGER 4294967296', { key: 'LARGER', size: 4_294_967_296 }],
    ['SENTON "09-Jul-2024"', { key: 'SENTON', date: '2024-07-09' }],
    ['CHARSET ISO-8859-1 SUBJECT "\xfc"', { key: 'SUBJECT', text: 'ü' }],
    ['CHARSET us-ascii SUBJECT abc', { key: 'SUBJECT', text: 'abc' }],
    ['SUBJECT "\xc3\xbc"', { key: 'SUBJECT', text: 'ü' }],
  ])('%s', (line, expected) => {
    expect(criteria(line)).toEqual(expected);
  });

  it.each([
    ...[
      '',
      'FROM',
      'NOT',
      'OR SEEN',
      '()',
      '(SEEN',
      'SEEN)',
      'BOGUS',
      'SINCE 31-Feb-2020',
      'SINCE 1-Foo-2020',
      '0',
      '1:',
    ],
    ...[
      'CHARSET UTF-8',
      'CHARSET UTF-8 SUBJECT "\xff"',
      'LARGER 99999999999999999999',
      '4294967296',
      'SINCE "1-Feb-1994',
    ],
    ...['('.repeat(20_000), `${'NOT '.repeat(10_000)}SEEN`, `${'OR '.repeat(10_000)}SEEN`, 'SEEN '.repeat(3_000)],
  ])('refuses %s', (line) => {
    expect(failure(`A1 SEARCH ${line}`)).toBe('syntax');
  });

  it('names an unknown charset', () => {
    expect(failure('A1 SEARCH CHARSET KLINGON ALL')).toBe('bad-charset');
  });

  it('reads sets of 60 KB', () => {
    const uids = Array.from({ length: 9_000 }, (_, i) => 100_000 + 2 * i);
    expect(criteria(`UID ${uids.join(',')}`)).toEqual({ key: 'UID', set: uids.map((uid) => ({ from: uid, to: uid })) });
  });
});

describe('whatever comes', () => {
  it.each([
    '',
    'A1',
    ' NOOP',
    '+ NOOP',
    'A(1 NOOP',
    `${'A'.repeat(500)} NOOP`,
    'A1  NOOP',
    '\x00 NOOP',
  ])('a line %j without a legal tag and command fails', (line) => {
    const parsed = parseCommand({ bytes: bytes(line), literals: [] });
    expect(parsed).toMatchObject({ ok: false, error: { kind: 'syntax' } });
  });

  it('names the tag of what it cannot read, and quotes nothing of it', () => {
    expect(parse('T7 LOGIN alice "sesame')).toEqual({
      ok: false,
      error: { tag: 'T7', kind: 'syntax', message: 'a quoted string does not end' },
    });
  });

  it('never throws', () => {
    const words = [
      'SEARCH',
      'FETCH',
      '1',
      'UID',
      'BODY[',
      ']',
      '(',
      ')',
      '"',
      '\\',
      'NOT',
      'OR',
      'CHARSET',
      '&-',
      '{3}',
      '<0.1>',
      ...[
        'LIST',
        'SELECT',
        'CREATE',
        'ID',
        'ENABLE',
        'MOVE',
        'RETURN (',
        'QRESYNC (',
        'CHANGEDSINCE',
        'MODSEQ',
        'USE (',
      ],
      ...['$', 'NIL', 'BINARY[', 'STATUS (', 'a', '\xc3', '\xbc', '9223372036854775808', '~{3}', 'OLDER', 'CONDSTORE'],
    ];
    const token = fc.oneof(
      fc.constantFrom(...words, ' ', ' ', ' ', 'STORE', 'APPEND', '*', ':', ','),
      fc.string({ maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 20 }), (tokens) => {
        const raw = { bytes: bytes(`a ${tokens.join('')}`), literals: [] };
        expect(parseCommand(raw)).toHaveProperty('ok');
        expect(parseCommand(raw, UTF8)).toHaveProperty('ok');
      }),
      { numRuns: 3_000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (octets) => {
        expect(parseCommand({ bytes: octets, literals: [] })).toHaveProperty('ok');
      }),
    );
  });

  it('reads every string back that can be quoted or sent as a literal', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }).map((octets) => octets.filter((octet) => octet > 0)),
        (octets) => {
          const value = Buffer.from(octets).toString('latin1');
          const decoded = { key: 'SUBJECT', text: new TextDecoder('latin1').decode(octets) };
          expect(criteria(`CHARSET latin1 SUBJECT {${octets.length}+}\r\n${value}`)).toEqual(decoded);
          if (/[\r\n]/.test(value)) return;
          expect(criteria(`CHARSET latin1 SUBJECT "${value.replace(/["\\]/g, '\\$&')}"`)).toEqual(decoded);
        },
      ),
    );
  });

  it('reads every set back', () => {
    const number = fc.oneof(fc.integer({ min: 1, max: 0xffff_ffff }), fc.constant('*' as const));
    fc.assert(
      fc.property(fc.array(fc.record({ from: number, to: number }), { minLength: 1, maxLength: 50 }), (set) => {
        const text = set.map(({ from, to }) => `${from}:${to}`).join(',');
        expect(body(`UID EXPUNGE ${text}`)).toEqual({ name: 'UID EXPUNGE', set });
      }),
    );
  });
});
