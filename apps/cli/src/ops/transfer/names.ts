/**
 * Which mailbox of ours each folder of a source becomes. Pure. INBOX is INBOX however it is written; what others call their
 * sent, deleted or unwanted mail goes where ours is; all else keeps its name, but for what a name cannot hold here, and no
 * two folders become one unless somebody says so.
 */
import type { MailboxInfo, MailboxName, SpecialUse } from '@scorpiox/maildir';
import { DELIMITER, INBOX, parseMailboxName } from '@scorpiox/maildir';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../failure.ts';
import type { SourceFolder } from './model.ts';

export interface NamingOptions {
  /** Names that the operator has chosen, by the folders' own, levels divided by `/`. */
  readonly map: ReadonlyMap<string, string>;
  /** Where all of it goes below, if anywhere. */
  readonly below: string | undefined;
  readonly existing: readonly MailboxInfo[];
}

export interface Named<F> {
  readonly folder: F;
  readonly name: MailboxName;
  /** Why it is called otherwise; empty where it is not. */
  readonly why: string;
}

type Folder = Pick<SourceFolder, 'path' | 'specialUse'>;

/** Well-known names of mailboxes with a special use: Outlook's, Apple's, Google's, Yahoo's. */
const KNOWN: Readonly<Record<string, SpecialUse>> = {
  archive: '\\Archive',
  archives: '\\Archive',
  draft: '\\Drafts',
  drafts: '\\Drafts',
  junk: '\\Junk',
  'junk e-mail': '\\Junk',
  'junk email': '\\Junk',
  'bulk mail': '\\Junk',
  spam: '\\Junk',
  sent: '\\Sent',
  'sent items': '\\Sent',
  'sent mail': '\\Sent',
  'sent messages': '\\Sent',
  'deleted items': '\\Trash',
  'deleted messages': '\\Trash',
  trash: '\\Trash',
};

/** A folder's own name, for people and for `--map`. */
export const shownPath = (path: readonly string[]): string => path.join('/');

/** Gives each folder its mailbox, in their order; `usage` for names that cannot be. */
export function nameFolders<F extends Folder>(
  folders: readonly F[],
  options: NamingOptions,
): Result<readonly Named<F>[], Failure> {
  const unknown = [...options.map.keys()].find((from) => !folders.some(({ path }) => shownPath(path) === from));
  if (unknown !== undefined) return usage(`There is no folder ${JSON.stringify(unknown)} to be renamed.`);
  const below = options.below === undefined ? undefined : parseMailboxName(options.below);
  if (below?.ok === false) return usage(below.error.message);
  const uses = givenUses(folders, options);
  const taken = new Set<string>();
  const named: Named<F>[] = [];
  for (const folder of folders) {
    const wanted = options.map.get(shownPath(folder.path));
    const one = wanted === undefined ? natural(folder, uses.get(folder), below?.value) : chosen(wanted);
    if (!one.ok) return usage(`${shownPath(folder.path)}: ${one.error} Give it another name with --map.`);
    named.push({ folder, ...(wanted === undefined ? apart(one.value, taken) : one.value) });
    taken.add(named.at(-1)?.name ?? '');
  }
  return ok(named);
}

type Naming = Result<{ readonly name: MailboxName; readonly why: string }, string>;

function chosen(wanted: string): Naming {
  const name = parseMailboxName(wanted);
  return name.ok ? ok({ name: name.value, why: 'as you said' }) : err(name.error.message);
}

/** The mailbox that each folder with a special use goes to: one folder for each use, the first that fits best. */
function givenUses(folders: readonly Folder[], { below, existing }: NamingOptions): ReadonlyMap<Folder, MailboxName> {
  const given = new Map<Folder, MailboxName>();
  const used = new Set<SpecialUse>();
  const give = (folder: Folder, use: SpecialUse | undefined): void => {
    const ours = existing.find(({ specialUse }) => use !== undefined && specialUse.includes(use));
    if (use === undefined || ours === undefined || used.has(use) || given.has(folder)) return;
    used.add(use);
    given.set(folder, ours.name);
  };
  if (below !== undefined) return given;
  for (const folder of folders) give(folder, folder.specialUse);
  const known = (folder: Folder): SpecialUse | undefined => KNOWN[lastIfTop(folder.path)?.toLowerCase() ?? ''];
  for (const folder of folders) {
    if (existing.some(({ name }) => name === lastIfTop(folder.path))) give(folder, known(folder));
  }
  for (const folder of folders) give(folder, known(folder));
  return given;
}

/** The name of a folder at the top, or right below Google's `[Gmail]`. */
function lastIfTop(path: readonly string[]): string | undefined {
  const isTop = path.length === 1 || (path.length === 2 && /^\[(?:Gmail|Google Mail)\]$/i.test(path[0] ?? ''));
  return isTop ? path.at(-1) : undefined;
}

function natural({ path }: Folder, use: MailboxName | undefined, below: MailboxName | undefined): Naming {
  if (use !== undefined) return ok({ name: use, why: use === shownPath(path) ? '' : 'has the same use' });
  const levels = path.map(level);
  const parsed = parseMailboxName([...(below === undefined ? [] : [below]), ...levels].join(DELIMITER));
  if (!parsed.ok) return err(parsed.error.message);
  if (levels.some((one, at) => one !== path[at])) {
    return ok({ name: parsed.value, why: 'a level cannot hold ".", "/" or control characters' });
  }
  const isInbox = path.length === 1 && parsed.value === INBOX && path[0] !== INBOX;
  return ok({ name: parsed.value, why: isInbox ? 'it is the inbox' : '' });
}

const level = (name: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
  name.toWellFormed().replace(/[./\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '_') || '_';

/** A name that no other folder of the source has. */
function apart(one: { readonly name: MailboxName; readonly why: string }, taken: ReadonlySet<string>) {
  for (let number = 2; ; number += 1) {
    const parsed = taken.has(one.name) ? parseMailboxName(`${one.name} ${number}`) : undefined;
    if (parsed === undefined || !parsed.ok) return one;
    if (!taken.has(parsed.value)) return { name: parsed.value, why: `another folder is ${one.name} already` };
  }
}

const usage = (message: string): Result<never, Failure> => err({ kind: 'usage', message });
