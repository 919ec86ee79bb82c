// COPY, MOVE, FETCH, STORE and SEARCH with what the extensions add to them.

import { describe, expect, it } from 'vitest';
import { failure, one, reads } from './parsing.ts';

describe('COPY, MOVE and what was saved (RFC 6851, RFC 5182)', () => {
  reads([
    ['MOVE 42:69 foo', { name: 'MOVE', uid: false, set: one(42, 69), mailbox: 'foo' }],
    ['UID MOVE * inbox', { name: 'MOVE', uid: true, set: one('*'), mailbox: 'INBOX' }],
    ['COPY $ "Other Messages"', { name: 'COPY', uid: false, set: 'saved', mailbox: 'Other Messages' }],
    ['UID EXPUNGE $', { name: 'UID EXPUNGE', set: 'saved' }],
    [
      'UID STORE $ +FLAGS.SILENT (a)',
      { name: 'STORE', uid: true, set: 'saved', operation: 'add', silent: true, flags: ['a'] },
    ],
    ['FETCH $ FLAGS', { name: 'FETCH', uid: false, set: 'saved', items: [{ item: 'FLAGS' }], vanished: false }],
    ['MOVE $,1 foo', 'syntax'],
    ['MOVE 1,$ foo', 'syntax'],
    ['MOVE $: foo', 'syntax'],
    ['MOVE 1', 'syntax'],
  ]);
});

describe('FETCH of modification sequences, ids and decoded parts', () => {
  const fetched = (items: readonly object[], more: object = {}) => ({
    name: 'FETCH',
    uid: true,
    set: one(1, '*'),
    items,
    vanished: false,
    ...more,
  });
  reads(
    [
      ['FLAGS (CHANGEDSINCE 12345)', fetched([{ item: 'FLAGS' }], { changedSince: 12_345 })],
      [
        '(FLAGS) (changedsince 9223372036854775807 vanished)',
        fetched([{ item: 'FLAGS' }], { changedSince: Number.MAX_SAFE_INTEGER, vanished: true }),
      ],
      ['(FLAGS) (VANISHED CHANGEDSINCE 1)', fetched([{ item: 'FLAGS' }], { changedSince: 1, vanished: true })],
      ['(modseq EMAILID threadid)', fetched([{ item: 'MODSEQ' }, { item: 'EMAILID' }, { item: 'THREADID' }])],
      ['BINARY[]', fetched([{ item: 'BINARY[]', peek: false, part: [] }])],
      [
        'binary.peek[1.2]<0.100>',
        fetched([{ item: 'BINARY[]', peek: true, part: [1, 2], partial: { start: 0, length: 100 } }]),
      ],
      ['(BINARY.SIZE[3] UID)', fetched([{ item: 'BINARY.SIZE[]', part: [3] }, { item: 'UID' }])],
      [
        'BODY[]<4294967296.8589934592>',
        fetched([
          {
            item: 'BODY[]',
            peek: false,
            section: { part: [], text: '', fields: [] },
            partial: { start: 4_294_967_296, length: 8_589_934_592 },
          },
        ]),
      ],
      ['FLAGS (CHANGEDSINCE 0)', 'syntax'],
      ['FLAGS (CHANGEDSINCE 9223372036854775808)', 'syntax'],
      [`FLAGS (CHANGEDSINCE ${'9'.repeat(60_000)})`, 'syntax'],
      ['FLAGS (CHANGEDSINCE 1 NOSUCH)', 'syntax'],
      ['FLAGS (VANISHED)', 'syntax'],
      ['FLAGS ()', 'syntax'],
      ['FLAGS CHANGEDSINCE 1', 'syntax'],
      ['BINARY', 'syntax'],
      ['BINARY[TEXT]', 'syntax'],
      ['BINARY[1.]', 'syntax'],
      ['BINARY[1.MIME]', 'syntax'],
      ['BINARY.SIZE[1]<0.1>', 'syntax'],
      ['BINARY.SIZE.PEEK[1]', 'syntax'],
      ['BODY[]<0.9223372036854775808>', 'syntax'],
      [`(${'UID '.repeat(1_000)}UID)`, 'syntax'],
    ],
    'UID FETCH 1:* ',
  );
  it('refuses VANISHED without UIDs', () => {
    expect(failure('A1 FETCH 1 FLAGS (CHANGEDSINCE 1 VANISHED)')).toBe('syntax');
  });
});

describe('STORE on a condition (RFC 7162 §3.1.3)', () => {
  const stored = (unchangedSince: number) => ({
    name: 'STORE',
    uid: false,
    set: one(7),
    operation: 'add',
    silent: true,
    flags: ['\\Deleted'],
    unchangedSince,
  });
  reads(
    [
      ['(UNCHANGEDSINCE 320162338) +FLAGS.SILENT (\\Deleted)', stored(320_162_338)],
      ['(unchangedsince 0) +flags.silent \\deleted', stored(0)],
      ['(UNCHANGEDSINCE 9223372036854775808) +FLAGS (a)', 'syntax'],
      ['(UNCHANGEDSINCE -1) +FLAGS (a)', 'syntax'],
      ['(UNCHANGEDSINCE 1 UNCHANGEDSINCE 2) +FLAGS (a)', 'syntax'],
      ['(CHANGEDSINCE 1) +FLAGS (a)', 'syntax'],
      ['() +FLAGS (a)', 'syntax'],
      ['(UNCHANGEDSINCE 1)', 'syntax'],
    ],
    'STORE 7 ',
  );
});

describe('SEARCH extended (RFC 9051 §6.4.4, RFC 5032, RFC 7162, RFC 8474)', () => {
  const found = (criteria: object, returns?: readonly string[]) => ({
    name: 'SEARCH',
    uid: false,
    criteria,
    ...(returns && { returns }),
  });
  const seen = { key: 'SEEN' };
  reads(
    [
      ['RETURN (MIN COUNT) SEEN', found(seen, ['MIN', 'COUNT'])],
      ['return () SEEN', found(seen, [])],
      ['RETURN (SAVE min MAX ALL COUNT MIN) CHARSET UTF-8 SEEN', found(seen, ['SAVE', 'MIN', 'MAX', 'ALL', 'COUNT'])],
      ['$', found({ key: 'SEQUENCE', set: 'saved' })],
      ['UID $ SEEN', found({ key: 'AND', operands: [{ key: 'UID', set: 'saved' }, seen] })],
      [
        'OR $ 1,3:5',
        found({
          key: 'OR',
          operands: [
            { key: 'SEQUENCE', set: 'saved' },
            { key: 'SEQUENCE', set: [...one(1), ...one(3, 5)] },
          ],
        }),
      ],
      ['OLDER 86400', found({ key: 'OLDER', seconds: 86_400 })],
      ['younger 1', found({ key: 'YOUNGER', seconds: 1 })],
      ['MODSEQ 620162338', found({ key: 'MODSEQ', modSeq: 620_162_338 })],
      ['MODSEQ 0', found({ key: 'MODSEQ', modSeq: 0 })],
      ['MODSEQ "/flags/\\\\draft" all 620162338', found({ key: 'MODSEQ', modSeq: 620_162_338 })],
      [
        'NOT MODSEQ "/flags/$MDNSent" PRIV 9223372036854775807',
        found({ key: 'NOT', operand: { key: 'MODSEQ', modSeq: Number.MAX_SAFE_INTEGER } }),
      ],
      ['EMAILID M6d99ac3275bb4e', found({ key: 'EMAILID', id: 'M6d99ac3275bb4e' })],
      ['threadid T-a_1', found({ key: 'THREADID', id: 'T-a_1' })],
      ['LARGER 9223372036854775807', found({ key: 'LARGER', size: Number.MAX_SAFE_INTEGER })],
      ['KEYWORD $Forwarded', found({ key: 'KEYWORD', keyword: '$Forwarded' })],
      ['RETURN (NOSUCH) ALL', 'syntax'],
      ['RETURN (MIN)', 'syntax'],
      ['RETURN MIN ALL', 'syntax'],
      ['RETURN (MIN) RETURN (MAX) ALL', 'syntax'],
      ['CHARSET UTF-8 RETURN (MAX) ALL', 'syntax'],
      ['$:3', 'syntax'],
      ['$Junk', 'syntax'],
      ['OLDER 0', 'syntax'],
      ['OLDER -5', 'syntax'],
      ['YOUNGER 4294967296', 'syntax'],
      ['MODSEQ 9223372036854775808', 'syntax'],
      ['MODSEQ "/flags/\\\\draft" 5', 'syntax'],
      ['MODSEQ "/comment" all 5', 'syntax'],
      ['MODSEQ "/flags/\\\\draft" both 5', 'syntax'],
      ['EMAILID M.6', 'syntax'],
      [`EMAILID ${'M'.repeat(256)}`, 'syntax'],
      ['LARGER 9223372036854775808', 'syntax'],
    ],
    'SEARCH ',
  );
});
