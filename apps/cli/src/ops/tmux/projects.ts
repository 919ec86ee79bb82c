/** Projects: folders below the roots. */
import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { type Failure, systemErrorCode } from '../failure.ts';
import { NEAR_PROJECTS } from './limits.ts';
import { nearNames, parseProjectName } from './names.ts';

export interface Project {
  /** Below its root: `project`, `group/project`. */
  readonly name: string;
  /** Absolute, by the root as it is configured; links in it are not followed. */
  readonly path: string;
}

/** The project of this name: of the first root that has one. */
export async function findProject(text: string, roots: readonly string[]): Promise<Result<Project, Failure>> {
  const name = parseProjectName(text);
  if (!name.ok) return name;
  for (const root of roots) {
    const path = join(root, name.value);
    if (!(await isFolder(path))) continue;
    const outside = await leadsOut(path, roots);
    return outside === undefined ? ok({ name: name.value, path }) : err(isOutside(path, outside));
  }
  return err(await isMissing(name.value, roots));
}

/** The project in whose folder `cwd` is, or that it is itself. */
export async function projectOfFolder(cwd: string, roots: readonly string[]): Promise<Result<Project, Failure>> {
  for (const root of roots) {
    const [name = ''] = relative(root, cwd).split(sep);
    if (name !== '' && name !== '..' && !relative(root, cwd).startsWith(sep)) return findProject(name, roots);
  }
  const all = await listProjects(roots);
  const some = all.slice(0, NEAR_PROJECTS).join(', ');
  const known = all.length === 0 ? '' : ` There are ${some}${all.length > NEAR_PROJECTS ? ' and others' : ''}.`;
  const message = `Which project? Name one, or go into its folder.${known} ${await whereLooked(roots)}`;
  return err({ kind: 'usage', message });
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

/** Where a path really is, if that is below no root: a link in it leads out. */
async function leadsOut(path: string, roots: readonly string[]): Promise<string | undefined> {
  const real = await realpath(path);
  for (const root of roots) {
    const below = await realpath(root).catch(() => undefined);
    if (below !== undefined && real.startsWith(below === sep ? sep : below + sep)) return undefined;
  }
  return real;
}

const isOutside = (path: string, real: string): Failure => ({
  kind: 'refused',
  message: `${path} is a link that leads out of the folders of projects, to ${real}. Add the folder that it is in to tmux.roots if that is meant.`,
});

async function isMissing(name: string, roots: readonly string[]): Promise<Failure> {
  const near = nearNames(name, await listProjects(roots));
  const meant = near.length === 0 ? '' : ` Did you mean ${near.join(' or ')}?`;
  return { kind: 'error', message: `There is no project ${name}.${meant} ${await whereLooked(roots)}` };
}

async function listProjects(roots: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    roots.map((root) => readdir(root, { withFileTypes: true }).catch((): Dirent[] => [])),
  );
  const names = found
    .flat()
    .filter((entry) => !entry.name.startsWith('.') && (entry.isDirectory() || entry.isSymbolicLink()));
  return [...new Set(names.map(({ name }) => name))].filter((name) => parseProjectName(name).ok).sort();
}

/** `Looked in /codebases and /home/ada/codebases (not there); tmux.roots says where.` */
async function whereLooked(roots: readonly string[]): Promise<string> {
  const places = await Promise.all(roots.map(async (root) => `${root}${await trouble(root)}`));
  return `Looked in ${places.join(' and ')}; tmux.roots says where.`;
}

const trouble = (root: string): Promise<string> =>
  readdir(root).then(
    () => '',
    (error: unknown) => (systemErrorCode(error) === 'ENOENT' ? ' (not there)' : ` (${systemErrorCode(error)})`),
  );
