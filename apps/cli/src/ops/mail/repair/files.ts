import { join } from 'node:path';
import { type Finding, type FoundFile, type Remedy, remediesOf } from '@scorpiox/maildir';
import { MOVE_TAKES_MS } from '../../limits.ts';
import { octal, setDate, setMode, setOwner } from '../../plan/actions/attributes.ts';
import { renameWithRow } from '../../plan/actions/mail/rename-message.ts';
import { move } from '../../plan/actions/move.ts';
import { pathText } from '../../plan/actions/path.ts';
import { ABSENT, stateOf } from '../../plan/actions/place.ts';
import { freePlace, type Mending } from './mending.ts';

/** A file with all that is wrong with it. */
export interface FaultyFile {
  /** Below the Maildir, as it is shown. */
  readonly path: string;
  readonly file: FoundFile;
  readonly findings: readonly Finding[];
}

/** Adds the steps that mend a file. */
export async function mendFile(mending: Mending, { path, file, findings }: FaultyFile): Promise<void> {
  const faults = new Set(findings.map(({ fault }) => fault));
  if (faults.has('two-names') && mending.now - file.stat.ctimeMs < MOVE_TAKES_MS) {
    mending.leave(`${path} may be a move that is just being done. Look again in a minute.`);
    return;
  }
  const why = [...new Set(findings.map(({ message }) => message))].join(' ');
  let place = join(mending.maildir, file.folder, file.directory, '/') + pathText(file.name);
  for (const remedy of remediesOf(file, faults)) place = await addStep(mending, { path, file, why, place }, remedy);
}

interface Mended {
  readonly path: string;
  readonly file: FoundFile;
  readonly why: string;
  /** Where the steps so far leave it, as `pathText` writes it. */
  readonly place: string;
}

/** Adds one step; where it leaves the file. */
async function addStep(mending: Mending, mended: Mended, remedy: Remedy): Promise<string> {
  const { user, planner } = mending;
  const { path, place, why } = mended;
  switch (remedy.kind) {
    case 'set-aside': {
      const { folder, directory } = mended.file;
      const to = await freePlace(mending, join(folder === '' ? 'INBOX' : folder, directory, basename(place)));
      await planner.add(`${user}: set ${path} aside. ${why}`, move.of({ from: place, to, folders: 'make' }));
      return to;
    }
    case 'mode':
      await planner.add(
        `${user}: set the mode of ${path} to ${octal(remedy.to)}. ${why}`,
        change(setMode, place, remedy),
      );
      return place;
    case 'owner':
      if (process.getuid?.() === 0) {
        await planner.add(`${user}: give ${path} to user ${remedy.to}. ${why}`, change(setOwner, place, remedy));
      } else mending.leave(`only root can give ${path} to user ${remedy.to}. Repair as root.`);
      return place;
    case 'date': {
      const date = new Date(remedy.to * 1_000).toISOString();
      await planner.add(`${user}: give ${path} the date ${date}, which the index has.`, change(setDate, place, remedy));
      return place;
    }
    case 'rename':
      return addRename(mending, mended, remedy);
  }
}

async function addRename(
  { user, maildir, indexFile, planner, leave }: Mending,
  { path, file, why, place }: Mended,
  { to: name, withRow }: Extract<Remedy, { kind: 'rename' }>,
): Promise<string> {
  const { folder, directory } = file;
  const to = pathText(Buffer.from(join(maildir, folder, directory, name)));
  if (to === place) return place;
  if (planner.isTaken(to) || (await stateOf(to)) !== ABSENT) {
    leave(`${path} is to be called ${name}, and something is called so already.`);
    return place;
  }
  const does = `${user}: rename ${path} to ${name}. ${why}`;
  if (withRow && directory !== 'tmp') {
    const from = Buffer.from(file.name).toString();
    const data = { maildir, indexFile, folder, directory, from, to: name };
    await planner.add(`${does} It keeps its UID.`, renameWithRow.of(data));
  } else await planner.add(does, move.of({ from: place, to }));
  return to;
}

const change = (kind: typeof setMode, path: string, { from, to }: { readonly from: number; readonly to: number }) =>
  kind.of({ path, from, to });

const basename = (place: string): string => place.slice(place.lastIndexOf('/') + 1);
