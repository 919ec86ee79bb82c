import { createHash } from 'node:crypto';
import { readMailboxNumbers, setMailboxNumbers } from '@scorpiox/maildir';
import { err, ok } from '@scorpiox/shared/result';
import { type Static, Type } from 'typebox';
import { defineAction } from '../../action.ts';
import type { World } from '../../plan.ts';
import { ABSENT } from '../place.ts';

const Whole = Type.Integer({ minimum: 0 });

const Numbers = Type.Object({
  uidValidity: Whole,
  uidNext: Whole,
  highestModSeq: Whole,
  /** Only where they are set as well. */
  ranges: Type.Optional(Type.Array(Type.Tuple([Whole, Whole]))),
  /** The last UIDVALIDITY that was given in the Maildir, where that is set as well. */
  last: Type.Optional(Whole),
});
type Numbers = Static<typeof Numbers>;

const Data = Type.Object({
  maildir: Type.String(),
  indexFile: Type.String(),
  folder: Type.String(),
  mailbox: Type.String(),
  from: Numbers,
  to: Numbers,
});
type Data = Static<typeof Data>;

/** Sets what a mailbox's index says of UIDs, while nobody has the mail open: whoever has would not notice. */
export const setMailboxNumbersAction = defineAction({
  kind: 'mailbox-numbers',
  data: Data,
  look: async (data) => {
    const seen = readMailboxNumbers(data, data.folder, data.to.ranges !== undefined);
    const last = data.to.last === undefined || seen.last === undefined ? {} : { last: seen.last };
    const state = seen.numbers === undefined ? ABSENT : stateOf({ ...seen.numbers, ...last });
    return { [thing(data)]: state, [reader(data)]: seen.isOpenElsewhere ? 'somebody' : NOBODY };
  },
  foresee: (data): World => ({ [thing(data)]: stateOf(data.to), [reader(data)]: NOBODY }),
  perform: async ({ maildir, indexFile, folder, to }) => {
    if (setMailboxNumbers({ maildir, indexFile }, folder, to) === 'done') return ok(undefined);
    return err({ kind: 'try-again', message: `${indexFile} is open in another program: stop the IMAP server first.` });
  },
  inverse: (data) => ({
    does: `Set the numbers of ${data.mailbox} in ${data.indexFile} back.`,
    action: { kind: 'mailbox-numbers', data: { ...data, from: data.to, to: data.from } },
  }),
});

const NOBODY = 'nobody';
const thing = ({ mailbox, indexFile }: Data): string => `${mailbox} in ${indexFile}`;
const reader = ({ indexFile }: Data): string => `who has ${indexFile} open`;

type Shown = Omit<Numbers, 'ranges'> & { readonly ranges?: readonly (readonly [number, number])[] };

function stateOf({ uidValidity, uidNext, highestModSeq, ranges, last }: Shown): string {
  const hash = ranges === undefined ? '' : createHash('sha256').update(JSON.stringify(ranges)).digest('hex');
  const more = [hash === '' ? '' : `, UIDs ${hash.slice(0, 16)}`, last === undefined ? '' : `, last ${last}`].join('');
  return `UIDVALIDITY ${uidValidity}, next UID ${uidNext}, HIGHESTMODSEQ ${highestModSeq}${more}`;
}
