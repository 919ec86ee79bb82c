/** Plans an import: a step for each folder of the source that has something new. */
import { dirname } from 'node:path';
import type { MailboxInfo, MailStore } from '@scorpiox/maildir';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { ACTIONS } from '../../plan/actions/actions.ts';
import { type ImportData, importMail } from '../../plan/actions/import-mail.ts';
import type { Plan } from '../../plan/plan.ts';
import { Planner } from '../../plan/planner.ts';
import { keysIn, lastSitting } from '../../transfer/journal.ts';
import type { Source, SourceFolder } from '../../transfer/model.ts';
import { type Named, type NamingOptions, nameFolders, shownPath } from '../../transfer/names.ts';
import { journalFile } from '../../transfer/places.ts';
import { countNew } from '../../transfer/transfer.ts';
import { storeFailure } from '../store.ts';

interface Planning {
  readonly store: MailStore;
  readonly source: Source;
  readonly user: string;
  readonly places: { readonly maildir: string; readonly indexFile: string };
  readonly naming: Pick<NamingOptions, 'map' | 'below'>;
  readonly signal: AbortSignal;
}

export interface PlannedImport {
  readonly plan: Plan;
  /** Of the folders that are in the plan, by the step's data. */
  readonly steps: ReadonlyMap<string, SourceFolder>;
  /** Messages that were counted in them. */
  readonly messages: number;
}

/** How a step's folder is found again. */
export const stepKey = ({ folder, mailbox }: Pick<ImportData, 'folder' | 'mailbox'>): string => `${folder}\n${mailbox}`;

export async function planImport(planning: Planning): Promise<Result<PlannedImport, Failure>> {
  const { store, source, naming } = planning;
  const existing = await store.list();
  if (!existing.ok) return err(storeFailure(existing.error));
  const named = nameFolders(source.folders, { ...naming, existing: existing.value });
  if (!named.ok) return named;
  const planner = new Planner(ACTIONS);
  const steps = new Map<string, SourceFolder>();
  let messages = 0;
  for (const one of named.value) {
    const step = await planFolder(planning, existing.value, one);
    if (!step.ok) return step;
    if (step.value === undefined) continue;
    steps.set(stepKey(step.value.data), one.folder);
    messages += one.folder.messages;
    await planner.add(step.value.does, importMail().of(step.value.data));
  }
  return ok({ plan: { title: 'mail import', steps: planner.steps }, steps, messages });
}

interface PlannedStep {
  readonly does: string;
  readonly data: ImportData;
}

/** Undefined where nothing is to be done. */
async function planFolder(
  { store, source, user, places, signal }: Planning,
  existing: readonly MailboxInfo[],
  { folder, name, why }: Named<SourceFolder>,
): Promise<Result<PlannedStep | undefined, Failure>> {
  const shown = shownPath(folder.path);
  const journal = journalFile(dirname(places.indexFile), source.identity, shown, name);
  const isThere = existing.some((mailbox) => mailbox.name === name && mailbox.selectable);
  const status = isThere ? await store.status(name, { size: false }) : undefined;
  if (status?.ok === false) return err(storeFailure(status.error));
  const identity = status === undefined ? undefined : `${status.value.mailboxId} ${status.value.uidValidity}`;
  const known =
    identity === undefined
      ? undefined
      : keysIn(journal, { source: source.identity, folder: shown, target: name, identity });
  const fresh = known === undefined ? folder.messages : await countNew(folder, known, signal);
  if (fresh === 0 && isThere) return ok(undefined);
  const data: ImportData = {
    ...{ user, ...places, journal, sitting: lastSitting(journal) + 1, source: source.identity, folder: shown },
    ...{ mailbox: name, makes: !isThere, messages: fresh, state: folder.state },
  };
  return ok({ does: tell(folder, data, why, status?.value.messages), data });
}

function tell({ messages, bytes }: SourceFolder, data: ImportData, why: string, there: number | undefined): string {
  const what =
    data.messages === messages
      ? messages.toLocaleString('en')
      : `${data.messages.toLocaleString('en')} of ${messages.toLocaleString('en')}`;
  const size =
    bytes === undefined || data.messages === 0 ? '' : `, ${tellSize(bytes * (data.messages / Math.max(1, messages)))}`;
  const target =
    there === undefined ? `${data.mailbox}, which is made` : `${data.mailbox}, which has ${there.toLocaleString('en')}`;
  const reason = why === '' ? '' : ` (${why})`;
  return `Bring ${what} ${messages === 1 ? 'message' : 'messages'}${size} from ${data.folder} into ${target}${reason}.`;
}

function tellSize(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return `${power === 0 ? Math.round(bytes) : (bytes / 1_000 ** power).toFixed(1)} ${units[power]}`;
}
