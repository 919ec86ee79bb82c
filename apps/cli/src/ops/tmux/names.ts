/** What projects, their sessions and their containers are called. Pure. */
import { createHash } from 'node:crypto';
import { nearest } from '@scorpiox/shared/config';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../failure.ts';
import { NEAR_PROJECTS, PROJECT_NAME_MAX } from './limits.ts';

/** A project's name leads to a folder below a root, and nowhere else: `project`, `group/project`. */
export function parseProjectName(text: string): Result<string, Failure> {
  const name = text.replace(/\/+$/, '');
  const parts = name.split('/');
  const why = parts.includes('')
    ? 'it begins with / or has nothing between two of them'
    : parts.some((part) => part === '.' || part === '..')
      ? 'it leads out of the folders of projects'
      : CONTROL.test(name)
        ? 'it has a control character in it'
        : name.length > PROJECT_NAME_MAX
          ? `it is longer than ${PROJECT_NAME_MAX} characters`
          : undefined;
  if (why === undefined) return ok(name);
  const message = `That is no name of a project: ${why}. It is the name of a folder below one of tmux.roots.`;
  return err({ kind: 'usage', message });
}

/** C0, DEL, C1. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/**
 * The name of a session as it is in tmux. tmux itself makes `_` of dots and colons; so do we first, for a name that is not
 * there under the name that was given cannot be found again. The others are those with a meaning: `#` begins a format (`#(…)`
 * runs a command), `$` an id, `\` what tmux escapes; and what is neither ASCII nor a letter, mark or digit may be
 * unknown to the tables of the system that tmux asks.
 */
export const sessionName = (name: string): string => name.replace(NOT_IN_A_SESSION, '_');

const NOT_IN_A_SESSION = /[^\p{L}\p{M}\p{N} !"%&'()*+,\-/;<=>?@[\]^_`{|}~]/gu;

/**
 * The name of a project's container: `scorpiox-` and the project's, so that somebody can make it in a way of their own. What
 * engines do not take in a name is replaced, and some digits keep such names apart.
 */
export function containerName(project: string): string {
  if (/^[A-Za-z0-9_.-]+$/.test(project)) return `scorpiox-${project}`;
  const digest = createHash('sha256').update(project).digest('hex').slice(0, 8);
  return `scorpiox-${project.replace(/[^A-Za-z0-9_.-]/g, '_')}-${digest}`;
}

/** The known names that may be meant: the one that differs least, those that have the given one in them or are in it. */
export function nearNames(name: string, known: readonly string[]): readonly string[] {
  const folded = name.toLowerCase();
  const alike = known.filter((one) => {
    const other = one.toLowerCase();
    return other.includes(folded) || (other.length > 2 && folded.includes(other));
  });
  const closest = nearest(name, known);
  return [...new Set(closest === undefined ? alike : [closest, ...alike])].slice(0, NEAR_PROJECTS);
}
