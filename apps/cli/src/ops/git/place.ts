/** Where git is started: a folder whose name may be any bytes. */
import { closeSync, openSync, statSync } from 'node:fs';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { pathText } from '../plan/actions/path.ts';
import type { GitFailure } from './failure.ts';

/** A folder as a child process can be given it. */
export interface Place {
  readonly cwd: string;
  /** The folder that git may not look for a repository in, nor above: a broken repository must not mean the one around it. */
  readonly ceiling: string;
  /** A descriptor that the child has to have as its number 3; absent where the name is enough. */
  readonly descriptor?: number;
  /** To be called once the child is started. */
  close(): void;
}

/**
 * A place by its name, or by a descriptor where the name cannot be passed on: Node hands texts to a child, and names that
 * are no UTF-8 are none; git's list of ceilings is divided by colons.
 */
export function openPlace(root: Buffer): Result<Place, GitFailure> {
  try {
    const cwd = root.toString();
    if (Buffer.from(cwd).equals(root) && !cwd.includes(':')) {
      // A folder that is not there would look like a git that is not there.
      statSync(root);
      return ok({ cwd, ceiling: cwd.replace(/\/[^/]*\/?$/, '') || '/', close: () => undefined });
    }
    const descriptor = openSync(root, 'r');
    const close = () => closeSync(descriptor);
    // proc(5): an open folder goes by its descriptor too; git resolves what it is given as a ceiling.
    return ok({ cwd: `/proc/self/fd/${descriptor}`, ceiling: '/proc/self/fd/3/..', descriptor, close });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return err({ code: 'not-a-repository', message: `${pathText(root)} cannot be opened: ${reason}.` });
  }
}
