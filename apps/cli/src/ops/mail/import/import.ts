/** Brings a user's mail over from somewhere else. What is promised, and how it is kept: ops/transfer/transfer.ts. */
import { dirname } from 'node:path';
import { type MailboxName, type MailStore, parseMailboxName, type SpecialUse } from '@scorpiox/maildir';
import { type Config, mailPlaces } from '@scorpiox/shared/config';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { findAccount } from '../../accounts.ts';
import type { Failure } from '../../failure.ts';
import type { Actions } from '../../plan/action.ts';
import { ACTIONS } from '../../plan/actions/actions.ts';
import { type ImportData, importMail } from '../../plan/actions/import-mail.ts';
import { Journal } from '../../transfer/journal.ts';
import { type SourceFolder, SourceLost } from '../../transfer/model.ts';
import type { NamingOptions } from '../../transfer/names.ts';
import { lockTransfers } from '../../transfer/places.ts';
import { Report, type Reporting } from '../../transfer/report.ts';
import { openStoreTarget } from '../../transfer/store/target.ts';
import { transferFolder } from '../../transfer/transfer.ts';
import { storeFailure, withMail } from '../store.ts';
import { openSource, type SourceRequest } from './open-source.ts';
import { type PlannedImport, planImport, stepKey } from './plan.ts';

export interface ImportRequest {
  readonly user: string;
  readonly source: SourceRequest;
  readonly naming: Pick<NamingOptions, 'map' | 'below'>;
  /** Ends it as soon as that can be. */
  readonly signal: AbortSignal;
  /** Takes what the operator should know. */
  readonly print: (line: string) => void;
}

/** An import that is planned, and may be carried out. */
export interface Import extends PlannedImport {
  /** What lies in the source and is no mail, a sentence each. */
  readonly passedOver: readonly string[];
  /** Kinds of deeds under which the plan can be applied; what it does is told to the report. */
  begin(reporting: Reporting): { readonly actions: Actions; readonly report: Report };
}

/** Plans an import and hands it to `use`, which may carry it out; source and mail are open until then. */
export async function withImport<T>(
  config: Config,
  { user, source: request, naming, signal, print }: ImportRequest,
  use: (planned: Import) => Promise<Result<T, Failure>>,
): Promise<Result<T, Failure>> {
  const account = await findAccount(config, user);
  if (!account.ok) return account;
  const source = await openSource(request, (folder) => naming.map.has(folder), signal);
  if (!source.ok) return source;
  const { name } = account.value;
  const places = mailPlaces(config, name);
  try {
    return await withMail({ config, user: name, print }, async (store) => {
      const planned = await planImport({ store, source: source.value, user: name, places, naming, signal });
      if (!planned.ok) return planned;
      return use({
        ...planned.value,
        passedOver: source.value.passedOver,
        begin: (reporting) => {
          const report = new Report(planned.value.messages, reporting);
          const perform = (data: ImportData) => bring(store, planned.value, data, { report, signal });
          return { report, actions: ACTIONS.with(importMail(perform)) };
        },
      });
    });
  } catch (error) {
    if (error instanceof SourceLost) return err(error.failure);
    throw error;
  } finally {
    await source.value.close();
  }
}

interface Bringing {
  readonly report: Report;
  readonly signal: AbortSignal;
}

async function bring(
  store: MailStore,
  { steps }: PlannedImport,
  data: ImportData,
  bringing: Bringing,
): Promise<Result<void, Failure>> {
  const folder = steps.get(stepKey(data));
  const name = parseMailboxName(data.mailbox);
  if (folder === undefined || !name.ok) throw new TypeError('A step of an import has a folder that was not planned.');
  const lock = await lockTransfers(dirname(data.indexFile), data.user);
  if (!lock.ok) return lock;
  try {
    const made = await makeMailbox(store, name.value, folder);
    return made.ok ? await bringInto(store, name.value, folder, data, bringing) : made;
  } finally {
    await lock.value.release();
  }
}

/** Makes a mailbox that is not there, with its special use where no other mailbox has it. */
async function makeMailbox(store: MailStore, name: MailboxName, folder: SourceFolder): Promise<Result<void, Failure>> {
  const listed = await store.list();
  if (!listed.ok) return err(storeFailure(listed.error));
  if (listed.value.some((mailbox) => mailbox.name === name && mailbox.selectable)) return ok(undefined);
  const isGiven = (use: SpecialUse): boolean => listed.value.some(({ specialUse }) => specialUse.includes(use));
  const use = folder.specialUse === undefined || isGiven(folder.specialUse) ? [] : [folder.specialUse];
  const made = await store.create(name, use);
  if (!made.ok && made.error.code !== 'mailbox-exists') return err(storeFailure(made.error));
  const subscribed = folder.subscribed ? await store.subscribe(name, true) : made;
  return subscribed.ok || subscribed.error.code === 'mailbox-exists'
    ? ok(undefined)
    : err(storeFailure(subscribed.error));
}

async function bringInto(
  store: MailStore,
  name: MailboxName,
  folder: SourceFolder,
  { source, folder: shown, journal: file, sitting }: ImportData,
  { report, signal }: Bringing,
): Promise<Result<void, Failure>> {
  const target = await openStoreTarget(store, name);
  if (!target.ok) return target;
  const { identity } = target.value;
  const journal = Journal.open(file, { source, folder: shown, target: name, identity }, sitting);
  try {
    const begun = await target.value.begin(journal.known);
    if (!begun.ok) return begun;
    const failure = await transferFolder({
      from: folder,
      to: target.value,
      journal,
      signal,
      ...report.of(shown, name),
    });
    if (failure !== undefined) return err(failure);
    journal.end();
    return ok(undefined);
  } finally {
    journal.close();
    await target.value.close();
  }
}
