/** The branches of a repository as its references have them, and what its configuration says of them. */
import { pathOf, pathText } from '../plan/actions/path.ts';
import type { Asking } from './asking.ts';

/** A branch's reference. Names are texts for bytes (ops/plan/actions/path.ts). */
export interface Reference {
  readonly ref: string;
  readonly id: string;
  /** The reference that it stands for, where it is only another name. */
  readonly symref?: string;
  readonly upstream?: string;
}

export interface References {
  readonly all: readonly Reference[];
  /** Names of references that name nothing that could be a commit. */
  readonly broken: readonly string[];
}

/** Reads local branches and those of remotes as they were last fetched. No object is looked at. */
export async function readReferences(asking: Asking): Promise<References> {
  const format = '%(refname)%00%(objectname)%00%(symref)%00%(upstream)%00';
  const args = ['for-each-ref', `--format=${format}`, 'refs/heads', 'refs/remotes'];
  const { stdout, said } = await asking.answer(args);
  const fields = pieces(stdout);
  const all: Reference[] = [];
  for (let at = 0; at + 3 < fields.length; at += 4) {
    // Each ends with a line end, which stands before the next one's name.
    const [ref = '', id = '', symref = '', upstream = ''] = fields.slice(at, at + 4);
    all.push({
      ref: ref.replace(/^\\x0a/, ''),
      id,
      ...(symref === '' ? {} : { symref }),
      ...(upstream === '' ? {} : { upstream }),
    });
  }
  return {
    all,
    broken: [...said.matchAll(/ignoring (?:broken ref|dangling symref) (\S+)/g)].map(([, ref = '']) => ref),
  };
}

/** What is divided by NULs, as texts. */
function pieces(output: Buffer): readonly string[] {
  const found: string[] = [];
  for (let from = 0, to = output.indexOf(0); to !== -1; from = to + 1, to = output.indexOf(0, from)) {
    found.push(pathText(output.subarray(from, to)));
  }
  return found;
}

/** A reference's name as git has it. */
export const refBytes = (ref: string): Buffer => pathOf(ref);

/** The values of a key of git's configuration, all of them. */
export async function configured(asking: Asking, key: string): Promise<readonly string[]> {
  const { stdout } = await asking.answer(['config', '-z', '--get-all', key], { okCodes: [1] });
  return stdout
    .toString()
    .split('\0')
    .filter((value) => value !== '');
}

/** Of these objects, those that are commits and can be read. */
export async function commitsAmong(asking: Asking, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const unique = [...new Set(ids)];
  const input = unique.map((id) => `${id}\n`).join('');
  const { stdout } = await asking.answer(['cat-file', '--batch-check=%(objectname) %(objecttype)'], { input });
  const lines = stdout.toString('latin1').split('\n');
  return new Set(lines.filter((line) => line.endsWith(' commit')).map((line) => line.slice(0, line.indexOf(' '))));
}
