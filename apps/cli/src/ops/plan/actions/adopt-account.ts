/**
 * Accounts that come over from another system, and are taken away again. The journal says which, and nothing of their
 * passwords: those are read from the source by the import that is under way.
 */
import { err, ok, type Result } from '@scorpiox/shared/result';
import { type Static, Type } from 'typebox';
import type { Failure } from '../../failure.ts';
import { type ActionKind, defineAction } from '../action.ts';
import { lookAtAccount, settled, within } from './account.ts';
import { ABSENT } from './place.ts';

const Adoption = Type.Object({
  /** The accounts' database. */
  file: Type.String(),
  name: Type.String(),
  /** Where it comes from, and the state that was seen in: a file that changed is another plan. */
  source: Type.String(),
  state: Type.String(),
  disabled: Type.Boolean(),
});

export type Adoption = Static<typeof Adoption>;

type Perform = (adoption: Adoption) => Promise<Result<void, Failure>>;

/** Without an import under way there is no source to read from. */
const refuse: Perform = async () =>
  err({ kind: 'refused', message: 'Accounts are brought over by `scorpiox user import`, which has to be run again.' });

/** `perform` is the import that is under way. */
export const adoptAccount = (
  perform: Perform = refuse,
): ActionKind & { of(data: Adoption): { kind: string; data: unknown } } =>
  defineAction({
    kind: 'adopt-account',
    data: Adoption,
    look: lookAtAccount,
    foresee: () => undefined,
    perform,
    inverse: ({ file, name }) => ({
      does: `Remove the account ${name} again; its mail stays.`,
      action: removeAdopted.of({ file, name }),
    }),
  });

/** An account that was changed since, by a first sign-in for one, is another than the one that came over, and stays. */
export const removeAdopted = defineAction({
  kind: 'remove-adopted-account',
  data: Type.Pick(Adoption, ['file', 'name']),
  look: lookAtAccount,
  foresee: ({ name }) => ({ [`account ${name}`]: ABSENT }),
  perform: ({ file, name }) =>
    within(file, async (accounts) => {
      const record = accounts.record(name);
      return record === undefined ? ok(undefined) : settled(await accounts.remove(name, record.version));
    }),
  inverse: () => undefined,
});
