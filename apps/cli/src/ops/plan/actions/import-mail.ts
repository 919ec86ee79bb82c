/** A folder of mail is brought over, and taken away again. What came over is noted in a journal of its own (ops/transfer). */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { openMailStore, parseMailboxName } from '@scorpiox/maildir';
import { err, type Result } from '@scorpiox/shared/result';
import { type Static, Type } from 'typebox';
import type { Failure } from '../../failure.ts';
import { storeFailure } from '../../mail/store.ts';
import { type SittingState, sittingIn } from '../../transfer/journal.ts';
import { lockTransfers } from '../../transfer/places.ts';
import { removeBrought } from '../../transfer/remove-brought.ts';
import { type ActionKind, defineAction } from '../action.ts';
import type { World } from '../plan.ts';

const ImportData = Type.Object({
  user: Type.String(),
  maildir: Type.String(),
  indexFile: Type.String(),
  /** The transfer's journal, and which sitting of it this is. */
  journal: Type.String(),
  sitting: Type.Integer({ minimum: 1 }),
  source: Type.String(),
  folder: Type.String(),
  mailbox: Type.String(),
  /** Whether the mailbox is made for it. */
  makes: Type.Boolean(),
  /** What there is to be brought, as it was seen. */
  messages: Type.Integer({ minimum: 0 }),
  state: Type.String(),
});

export type ImportData = Static<typeof ImportData>;

const nameOf = ({ source, folder, mailbox, user }: ImportData): string =>
  `what came into ${mailbox} of ${user} from ${folder} (${source})`;

const HALF: Readonly<Partial<Record<SittingState, string>>> = {
  begun: ', the last of them half done',
  removing: ', the last of them half taken back',
};

/** What came over, once so many sittings are whole, or the last of them is in this state. */
const worldOf = (data: ImportData, sittings: number, state?: SittingState): World => ({
  [nameOf(data)]: `${sittings} sittings${HALF[state ?? 'whole'] ?? ''}`,
});

async function look(data: ImportData): Promise<World> {
  const { state, last } = sittingIn(data.journal, data.sitting);
  return worldOf(data, last, last === data.sitting ? state : 'whole');
}

/** As a sitting in one of these states leaves it. */
const halfIn =
  (...states: readonly SittingState[]) =>
  async (data: ImportData): Promise<World | undefined> => {
    const { state } = sittingIn(data.journal, data.sitting);
    return states.includes(state) ? worldOf(data, data.sitting, state) : undefined;
  };

type Perform = (data: ImportData) => Promise<Result<void, Failure>>;

/** Without an import under way there is no source to read from. */
const refuse: Perform = async () =>
  err({ kind: 'refused', message: 'Mail is brought over by `scorpiox mail import`, which has to be run again.' });

/** `perform` is the import that is under way. */
export const importMail = (
  perform: Perform = refuse,
): ActionKind & { of(data: ImportData): { kind: string; data: unknown } } =>
  defineAction({
    kind: 'import-mail',
    data: ImportData,
    look,
    foresee: (data) => worldOf(data, data.sitting),
    perform,
    half: halfIn('begun', 'removing'),
    inverse: (data) => ({
      does: `Remove for good what that brought into ${data.mailbox} of ${data.user}, but for messages whose flags were changed since.`,
      action: removeImported.of(data),
    }),
  });

export const removeImported = defineAction({
  kind: 'remove-imported-mail',
  data: ImportData,
  look,
  foresee: (data) => worldOf(data, data.sitting - 1),
  half: halfIn('removing'),
  perform: async ({ user, maildir, indexFile, journal, sitting, mailbox, makes }) => {
    const name = parseMailboxName(mailbox);
    if (!name.ok) return err(storeFailure(name.error));
    await mkdir(dirname(journal), { recursive: true, mode: 0o700 });
    const lock = await lockTransfers(dirname(indexFile), user);
    if (!lock.ok) return lock;
    try {
      const store = await openMailStore({ maildir, indexFile });
      if (!store.ok) return err(storeFailure(store.error));
      try {
        return await removeBrought(store.value, { name: name.value, journal, sitting, makes });
      } finally {
        await store.value.close();
      }
    } finally {
      await lock.value.release();
    }
  },
  inverse: () => undefined,
});
