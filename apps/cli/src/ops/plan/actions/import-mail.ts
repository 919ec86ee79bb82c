/** A folder of mail is brought over, and taken away again. What came over is noted in a journal of its own (ops/transfer). */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { openMailStore, parseMailboxName } from '@scorpiox/maildir';
import { err, type Result } from '@scorpiox/shared/result';
import { type Static, Type } from 'typebox';
import type { Failure } from '../../failure.ts';
import { storeFailure } from '../../mail/store.ts';
import { lastSitting } from '../../transfer/journal.ts';
import { lockTransfers } from '../../transfer/places.ts';
import { removeBrought } from '../../transfer/remove-brought.ts';
import { type ActionKind, defineAction } from '../action.ts';

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

const look = async (data: ImportData) => ({ [nameOf(data)]: `${lastSitting(data.journal)} sittings` });

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
    foresee: (data) => ({ [nameOf(data)]: `${data.sitting} sittings` }),
    perform,
    inverse: (data) => ({
      does: `Remove for good what that brought into ${data.mailbox} of ${data.user}, but for messages whose flags were changed since.`,
      action: removeImported.of(data),
    }),
  });

export const removeImported = defineAction({
  kind: 'remove-imported-mail',
  data: ImportData,
  look,
  foresee: () => undefined,
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
