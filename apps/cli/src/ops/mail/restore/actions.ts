/** The deeds of `mail restore`. Each may be done again after it was cut off: what is there already stays as it is. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  BackupFailure,
  bringBack,
  carryOver,
  finishStaging,
  hasMessages,
  MailReader,
  openMailStore,
  parseMailboxName,
  type Section,
  StoreFailure,
  stageMailbox,
  surveyBackup,
} from '@scorpiox/maildir';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { type Static, Type } from 'typebox';
import type { Failure } from '../../failure.ts';
import { defineAction } from '../../plan/action.ts';
import { pathText } from '../../plan/actions/path.ts';
import { ABSENT, stateOf } from '../../plan/actions/place.ts';
import { syncDirectory } from '../../sync-directory.ts';
import { storeFailure } from '../store.ts';
import { asidePlace, markerIn, placesIn, stagingPrefix } from './places.ts';

const SectionData = Type.Object({
  name: Type.String(),
  folder: Type.String(),
  subscribed: Type.Boolean(),
  specialUse: Type.Array(Type.Enum(['\\Archive', '\\Drafts', '\\Junk', '\\Sent', '\\Trash'])),
  messages: Type.Integer(),
  bytes: Type.Integer(),
  stretch: Type.Object({ start: Type.Integer(), end: Type.Integer() }),
});

/** Where the user's backups lie, the backup's folder, and whether messages that are damaged in it are left out. */
const Source = { root: Type.String(), backup: Type.String(), isPartial: Type.Boolean() };

const Stage = Type.Object({
  ...Source,
  staging: Type.String(),
  section: SectionData,
});

/** Copies a mailbox of a backup to where the user's mail is being built. */
export const stageMail = defineAction({
  kind: 'mail-restore-stage',
  data: Stage,
  look: async ({ staging, section }) => {
    const marker = markerIn(staging, section.folder);
    return { [marker]: existsSync(marker) ? 'copied' : 'not copied' };
  },
  foresee: ({ staging, section }) => ({ [markerIn(staging, section.folder)]: 'copied' }),
  perform: ({ root, backup, isPartial, staging, section }) =>
    attempt(async () => {
      const { maildir } = placesIn(staging);
      await mkdir(maildir, { recursive: true, mode: 0o700 });
      await stageMailbox({ root, backup, maildir, isPartial }, sectionOf(section));
      const marker = markerIn(staging, section.folder);
      await mkdir(dirname(marker), { recursive: true, mode: 0o700 });
      await writeFile(marker, '', { mode: 0o600 });
    }),
  inverse: () => undefined,
});

const Finish = Type.Object({
  root: Type.String(),
  backup: Type.String(),
  user: Type.String(),
  home: Type.String(),
  staging: Type.String(),
});

/** Puts the mail that was built into its place, with the index that has its UIDs. */
export const finishRestore = defineAction({
  kind: 'mail-restore-finish',
  data: Finish,
  look: async ({ home }) => ({ [home]: await stateOfHome(home) }),
  foresee: () => undefined,
  perform: (data) => attempt(() => finish(data)),
  inverse: () => undefined,
});

/** What lies where a user's mail belongs. Mail that comes meanwhile makes it another state. */
async function stateOfHome(home: string): Promise<string> {
  const state = await stateOf(pathText(Buffer.from(home)));
  if (state === ABSENT) return ABSENT;
  return `${state}, ${(await hasMessages(placesIn(home))) ? 'with' : 'without'} messages`;
}

async function finish({ root, backup, user, home, staging }: Static<typeof Finish>): Promise<void> {
  const survey = await surveyBackup(root, basename(backup));
  const left = survey.sections.find(({ folder }) => !existsSync(markerIn(staging, folder)));
  if (left !== undefined) throw new BackupFailure('no-backup', `${left.name} of ${user} was not copied yet.`);
  const { maildir, indexFile } = placesIn(staging);
  await finishStaging({ root, backup, maildir }, indexFile, survey);
  await rm(join(staging, 'staged'), { recursive: true, force: true });
  const aside = asidePlace(home, user, Date.now());
  const isThere = existsSync(home);
  if (isThere) await rename(home, aside);
  await rename(staging, home);
  await syncDirectory(dirname(home));
  if (isThere) await carry(aside, home);
  await removeOthers(dirname(home), user);
}

/** What was delivered between the last look and the renames must not stay aside. */
async function carry(aside: string, home: string): Promise<void> {
  if (!(await hasMessages(placesIn(aside)))) return;
  await withStore(placesIn(home), (store) => carryOver(placesIn(aside), store));
}

/** Mail that was being built from other backups, and was given up. */
async function removeOthers(mailRoot: string, user: string): Promise<void> {
  for (const name of await readdir(mailRoot)) {
    if (!name.startsWith(stagingPrefix(user)) || !/^\d{4}-.*Z$/.test(name.slice(stagingPrefix(user).length))) continue;
    await rm(join(mailRoot, name), { recursive: true, force: true });
  }
}

const Bring = Type.Object({
  ...Source,
  user: Type.String(),
  maildir: Type.String(),
  indexFile: Type.String(),
  section: SectionData,
});

/** Brings what is missing of a mailbox back into mail that is in use. */
export const bringMailBack = defineAction({
  kind: 'mail-restore-missing',
  data: Bring,
  look: async (data) => ({ [`mailbox ${data.section.name} of ${data.user}`]: await stateOfMailbox(data) }),
  // A mailbox that is made again gets a UIDVALIDITY that nobody knows before.
  foresee: (_, before) => (Object.values(before).includes(ABSENT) ? undefined : before),
  perform: ({ root, backup, isPartial, maildir, indexFile, section: data }) =>
    attempt(async () => {
      const places = { maildir, indexFile };
      const section = sectionOf(data);
      await withStore(places, (store) => bringBack({ root, backup, section, places, store, isPartial }));
    }),
  inverse: () => undefined,
});

async function stateOfMailbox({ maildir, indexFile, section }: Static<typeof Bring>): Promise<string> {
  const reader = new MailReader({ maildir, indexFile });
  try {
    const { name } = sectionOf(section);
    if (reader.folder(name) === undefined) return ABSENT;
    return `UIDVALIDITY ${reader.numbers(name)?.uidValidity ?? 'unknown'}`;
  } finally {
    reader.close();
  }
}

/** Throws where a journal names a mailbox that there cannot be. */
function sectionOf({ name, ...rest }: Static<typeof SectionData>): Section {
  const parsed = parseMailboxName(name);
  if (!parsed.ok) throw new StoreFailure(parsed.error.code, parsed.error.message);
  return { ...rest, name: parsed.value };
}

async function withStore(
  places: { readonly maildir: string; readonly indexFile: string },
  use: (store: Parameters<typeof carryOver>[1]) => Promise<unknown>,
): Promise<void> {
  const store = await openMailStore(places);
  if (!store.ok) throw new StoreFailure(store.error.code, store.error.message);
  try {
    await use(store.value);
  } finally {
    await store.value.close();
  }
}

/** The system's errors are told by whoever applies the plan. */
async function attempt(work: () => Promise<void>): Promise<Result<void, Failure>> {
  try {
    await work();
    return ok(undefined);
  } catch (error) {
    if (error instanceof BackupFailure) return err({ kind: 'error', message: error.message });
    if (error instanceof StoreFailure) return err(storeFailure(error));
    throw error;
  }
}
