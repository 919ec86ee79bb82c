import { err, ok, type Result } from '@scorpiox/shared/result';
import type { OctetText } from './octets.ts';

/** Whether a path below a root is left out; `name` is its last name. */
export type Excludes = (path: OctetText, name: OctetText) => boolean;

/**
 * What patterns leave out: `*` and `?` stand for characters of a name, `**` for any names, `[a-z]` for one of these. A pattern
 * without a slash is looked for at any depth, one with a slash from the root on; what is in a folder that is left out is too.
 */
export function excludesOf(globs: readonly string[]): Result<Excludes, string> {
  const patterns: { readonly isPath: boolean; readonly form: RegExp }[] = [];
  for (const glob of globs) {
    const plain = glob.replace(/^\/+|\/+$/g, '');
    if (plain === '') return err(`${JSON.stringify(glob)} would leave everything out, or nothing.`);
    patterns.push({
      isPath: glob.replace(/\/+$/, '').includes('/'),
      form: new RegExp(`^${sourceOf(octetsOf(plain))}$`, 's'),
    });
  }
  return ok((path, name) => patterns.some(({ isPath, form }) => form.test(isPath ? path : name)));
}

const octetsOf = (text: string): OctetText => Buffer.from(text).toString('latin1');

const sourceOf = (glob: string): string =>
  glob.replace(/\*\*\/|\/\*\*$|\*+|\?|\[!?[^\]/]+\]|[^\w/]/g, (part) => {
    if (part === '**/') return '(?:[^/]+/)*';
    if (part === '/**') return '/.+';
    if (part === '**') return '.*';
    if (part.startsWith('*')) return '[^/]*';
    if (part === '?') return '[^/]';
    if (part.length > 1)
      return `[${part.startsWith('[!') ? '^/' : ''}${part.slice(part.startsWith('[!') ? 2 : 1, -1).replace(/[\\^[\]]/g, '\\$&')}]`;
    return `\\x${part.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
