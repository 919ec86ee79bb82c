/**
 * The file system under a user's store, telling what it does to message files: under which name one was opened, or was not
 * there; what was renamed to what. It is there that a flag change and a FETCH meet, or miss each other.
 */
import { relative } from 'node:path';
import type { FileSystem, SynchronousFileSystem } from '@scorpiox/maildir';

/** @param tell is called with a way to say it, so that nothing is said where nobody listens. */
export function telling(fs: FileSystem, maildir: string, tell: (fact: () => string) => void): FileSystem {
  const name = (path: string) => JSON.stringify(relative(maildir, path));
  const said = (what: string, paths: readonly string[], error?: unknown) =>
    tell(() => `${what} ${paths.map(name).join(' -> ')} ${error === undefined ? 'ok' : codeOf(error)}`);
  const following = async <T>(what: string, paths: readonly string[], does: () => Promise<T>): Promise<T> => {
    try {
      const done = await does();
      said(what, paths);
      return done;
    } catch (error) {
      said(what, paths, error);
      throw error;
    }
  };
  return {
    ...fs,
    open: (path, how) => following(how === 'read' ? 'open' : 'create', [path], () => fs.open(path, how)),
    link: (from, to) => following('link', [from, to], () => fs.link(from, to)),
    rename: (from, to) => following('rename', [from, to], () => fs.rename(from, to)),
    unlink: (path) => following('unlink', [path], () => fs.unlink(path)),
    now: tellingNow(fs.now, said),
  };
}

function tellingNow(
  now: SynchronousFileSystem,
  said: (what: string, paths: readonly string[], error?: unknown) => void,
): SynchronousFileSystem {
  const following = <T>(what: string, paths: readonly string[], does: () => T): T => {
    try {
      const done = does();
      said(what, paths);
      return done;
    } catch (error) {
      said(what, paths, error);
      throw error;
    }
  };
  return {
    ...now,
    create: (path, bytes, time) => following('create', [path], () => now.create(path, bytes, time)),
    link: (from, to) => following('link', [from, to], () => now.link(from, to)),
    rename: (from, to) => following('rename', [from, to], () => now.rename(from, to)),
    unlink: (path) => following('unlink', [path], () => now.unlink(path)),
  };
}

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'failed';
