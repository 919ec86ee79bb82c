/**
 * Accounts taken out of their database and put back. What is kept of one goes into a file beside its mail, not into the
 * journal: it holds hashes of passwords, and whoever removes what was set aside is to remove all of it.
 */
import { existsSync } from 'node:fs';
import { open, readFile, rm } from 'node:fs/promises';
import { type AccountError, type AccountRecord, type Accounts, openAccounts } from '@scorpiox/shared/accounts';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { accountFailure } from '../../accounts.ts';
import type { Failure } from '../../failure.ts';
import { syncDirectory } from '../../sync-directory.ts';
import { defineAction } from '../action.ts';
import type { World } from '../plan.ts';
import { pathOf } from './path.ts';
import { ABSENT, makeFolder, parentOf, removeEmpty } from './place.ts';

const Removal = Type.Object({
  /** The accounts' database. */
  file: Type.String(),
  name: Type.String(),
  /** Of the account's row. */
  version: Type.String(),
  /** Where the account is kept, as `pathText` writes it; without it, nowhere. */
  kept: Type.Optional(Type.String()),
});

const Kept = Type.Object({ ...Removal.properties, kept: Type.String() });

type Named = Pick<Static<typeof Removal>, 'file' | 'name'>;

/** An account, by its version. */
export const lookAtAccount = async ({ file, name }: Named): Promise<World> => {
  // Opening would make the file.
  const record = existsSync(file) ? await within(file, async (accounts) => accounts.record(name)) : undefined;
  return { [`account ${name}`]: record === undefined ? ABSENT : stateOf(record.version) };
};

const stateOf = (version: string): string => `version ${version}`;

/**
 * Removes an account with its app passwords, and keeps it in a file where one is named. `signOut` ends what the account has
 * open elsewhere: before it goes, so that it stays where that fails, and after, when nobody can sign in any more.
 */
export const removeAccounts = (signOut: (name: string) => Promise<Result<void, Failure>> = async () => ok(undefined)) =>
  defineAction({
    kind: 'remove-account',
    data: Removal,
    look: lookAtAccount,
    foresee: ({ name }) => ({ [`account ${name}`]: ABSENT }),
    perform: async (data) => {
      const left = await signOut(data.name);
      if (!left.ok) return left;
      const removed = await remove(data);
      return removed.ok ? signOut(data.name) : removed;
    },
    inverse: ({ kept, ...data }) =>
      kept === undefined
        ? undefined
        : {
            does: `Put the account ${data.name} back, with its passwords.`,
            action: { kind: 'restore-account', data: { ...data, kept } },
          },
  });

export const removeAccount = removeAccounts();

const remove = ({ file, name, version, kept }: Static<typeof Removal>): Promise<Result<void, Failure>> =>
  within(file, async (accounts) => {
    const record = accounts.record(name);
    if (record?.version !== version) return err({ kind: 'stale', message: `The account ${name} has changed.` });
    if (kept !== undefined) await keep(record, kept);
    return settled(await accounts.remove(name, version));
  });

/** Puts an account back as it was kept. */
export const restoreAccount = defineAction({
  kind: 'restore-account',
  data: Kept,
  look: lookAtAccount,
  foresee: ({ name, version }) => ({ [`account ${name}`]: stateOf(version) }),
  perform: ({ file, name, version, kept }) =>
    within(file, async (accounts) => {
      const record = await readKept(kept);
      if (record?.name !== name || record.version !== version) {
        return err({ kind: 'error', message: `${kept} does not hold the account ${name} as it was removed.` });
      }
      const restored = settled(await accounts.restore(record));
      if (restored.ok) await forget(kept);
      return restored;
    }),
  inverse: (data) => ({
    does: `Take the account ${data.name} out again.`,
    action: { kind: 'remove-account', data },
  }),
});

/** Runs `use` with the accounts of a file open. */
export async function within<T>(file: string, use: (accounts: Accounts) => Promise<T>): Promise<T> {
  const accounts = openAccounts(file);
  try {
    return await use(accounts);
  } finally {
    accounts.close();
  }
}

export const settled = (result: Result<void, AccountError>): Result<void, Failure> =>
  result.ok ? result : err(accountFailure(result.error));

/** On disk before the account goes. */
async function keep(record: AccountRecord, kept: string): Promise<void> {
  await makeFolder(parentOf(kept));
  const file = await open(pathOf(kept), 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(record)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await syncDirectory(pathOf(parentOf(kept)));
}

const Text = Type.String();
const Account = Type.Object({
  name: Text,
  role: Type.Union([Type.Literal('viewer'), Type.Literal('admin'), Type.Null()]),
  disabled: Type.Boolean(),
  password: Text,
  scram: Type.Union([Text, Type.Null()]),
  version: Text,
  appPasswords: Type.Array(Type.Object({ name: Text, hash: Text, scram: Text, created: Type.Integer() })),
});

async function readKept(kept: string): Promise<AccountRecord | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(pathOf(kept), 'utf8'));
    return Value.Check(Account, value) ? value : undefined;
  } catch {
    return undefined; // what cannot be read is not what was kept
  }
}

/** The account is in its database again: the file would only be another copy of its hashes. */
async function forget(kept: string): Promise<void> {
  await rm(pathOf(kept), { force: true });
  await removeEmpty(parentOf(kept));
}
