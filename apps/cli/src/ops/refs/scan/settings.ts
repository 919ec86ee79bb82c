/** git's configuration: what of it says the path, and the command that writes it anew (git-config(1)). */
import { readFileSync } from 'node:fs';
import type { Environment } from '../../git/environment.ts';
import { gitRecords } from '../../git/run.ts';
import type { Mender } from './mend.ts';
import { type OctetText, octetsOfText } from './octets.ts';
import { commandLine } from './shell.ts';

export interface Setting {
  /** `remote.origin.url`; what stands between the first and the last dot may be anything. */
  readonly key: Buffer;
  readonly value: Buffer;
  /** Its section as the file writes it, as far as it has a subsection: `includeIf`, of which git lists `includeif`. */
  readonly section?: string;
}

/**
 * What a file of configuration sets, in its order; nothing where git cannot read it. git gets the file's content and is asked
 * in no repository: where `core.worktree` is dead, it would not start.
 */
export async function readSettings(file: OctetText, env: Environment): Promise<readonly Setting[]> {
  const settings: Setting[] = [];
  const input = readFileSync(octetsOfText(file));
  const args = ['config', '--file', '-', '--list', '-z'];
  const read = await gitRecords(NOWHERE, [args], { base: env, input }, (record) => {
    settings.push(settingOf(Buffer.from(record), input));
  });
  return read.ok ? settings : [];
}

/** A place that is in no repository. */
export const NOWHERE = { root: Buffer.from('/') };

/** The commands that write anew what says the path, of some or all settings of a file; `file` are the options that name it. */
export function mendSettings(
  settings: readonly Setting[],
  file: readonly (string | Buffer)[],
  mender: Mender,
  all = settings,
): readonly string[] {
  return [...new Set(settings.flatMap((setting) => mendSetting(setting, all, file, mender)))];
}

function mendSetting(
  { key, value, section: written }: Setting,
  all: readonly Setting[],
  file: readonly (string | Buffer)[],
  mender: Mender,
): readonly string[] {
  const commands: string[] = [];
  const edit = commandLine('git', 'config', ...file, '--edit');
  const [first, last] = [key.indexOf(0x2e) + 1, Math.max(key.indexOf(0x2e) + 1, key.lastIndexOf(0x2e))];
  const [section, name] = [key.subarray(0, last), key.subarray(last)];
  const subsection = mender.moved(key.subarray(first, last));
  const newSection = Buffer.concat([key.subarray(0, first), subsection]);
  const newValue = mender.moved(value);
  // A URL as a key may have a password in it.
  if (hasUser(key)) return newSection.equals(section) && newValue.equals(value) ? [] : [edit];
  if (!newSection.equals(section)) {
    const prefix = Buffer.from(`${written ?? key.toString('latin1', 0, first - 1)}.`);
    const renamed = [key.subarray(first, last), subsection].map((each) => Buffer.concat([prefix, each]));
    commands.push(commandLine('git', 'config', ...file, '--rename-section', ...renamed));
  }
  if (newValue.equals(value)) return commands;
  // What is more than a path may hold what is nobody's business: it is not repeated.
  if (!isPath(key, value)) return [...commands, edit];
  const newKey = Buffer.concat([newSection, name]);
  const isOne = all.filter((other) => other.key.equals(key)).length === 1;
  const words = isOne ? [newKey, newValue] : ['--fixed-value', '--replace-all', newKey, newValue, value];
  return [...commands, commandLine('git', 'config', ...file, ...words)];
}

const hasUser = (key: Buffer): boolean => /\/\/[^/]*@/.test(key.toString('latin1'));

/** A path or a local URL, and nothing else: with a space in it, only where git knows nothing but paths. */
const isPath = (key: Buffer, value: Buffer): boolean =>
  /^(?:file:\/\/)?\/\S*$/.test(value.toString('latin1')) ||
  (/^(?:file:\/\/)?\//.test(value.toString('latin1')) && PATHS.test(key.toString('latin1')));

const PATHS =
  /^(?:core\.(?:worktree|hookspath|excludesfile|attributesfile)|safe\.directory|include\.path|includeif\..*\.path|remote\..*\.(?:push)?url)$/s;

/** A record of `git config --list -z`, with the file that it is of. A setting without a value is true. */
export function settingOf(record: Buffer, file: Buffer): Setting {
  const at = record.indexOf(0x0a);
  const [key, value] = at === -1 ? [record, Buffer.from('true')] : [record.subarray(0, at), record.subarray(at + 1)];
  const section = sectionOf(key.toString('latin1'), file.toString('latin1'));
  return { key, value, ...(section === undefined ? {} : { section }) };
}

/** How a file writes the name of a key's section before a subsection: git takes it in any case, and finds it so only. */
function sectionOf(key: string, file: string): string | undefined {
  const [first, last] = [key.indexOf('.'), key.lastIndexOf('.')];
  if (first === last) return undefined;
  const [name, subsection] = [key.slice(0, first), key.slice(first + 1, last)];
  for (const [, written = '', quoted = ''] of file.matchAll(/^\s*\[\s*([\w-]+)\s+"((?:[^"\\\n]|\\.)*)"/gm)) {
    if (written.toLowerCase() === name && quoted.replace(/\\(.)/g, '$1') === subsection) return written;
  }
  return undefined;
}
