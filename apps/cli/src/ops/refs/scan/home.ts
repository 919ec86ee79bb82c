/** What a folder belongs to. */
import { lstatSync } from 'node:fs';
import { enclosing, type Repository, repositoryAt } from '../../git/repositories.ts';
import { isWithin, joined, type OctetText, octetsOfText, octetText } from './octets.ts';

export type Home =
  /** Folders that belong to no repository. */
  | { readonly kind: 'tree'; readonly root: OctetText }
  /** A work tree whose `.git` names what is no repository: git cannot be asked about it. `message` is a sentence on that. */
  | { readonly kind: 'broken'; readonly root: OctetText; readonly message: string }
  | { readonly kind: 'work-tree'; readonly root: OctetText; readonly repository: Repository }
  /** A repository's own folder; `root` is that. */
  | { readonly kind: 'git-folder'; readonly root: OctetText; readonly repository: Repository };

/** The folder under which what is in it is told: a repository's own folder is part of the repository. */
export const shownRoot = (home: Home): OctetText =>
  home.kind === 'git-folder' ? octetText(home.repository.root) : home.root;

/** What a root belongs to: the repository around it, or itself. */
export async function homeOfRoot(root: OctetText): Promise<Home> {
  const around = await enclosing(octetsOfText(root)).catch(() => undefined);
  if (around === undefined) return { kind: 'tree', root };
  if (around.kind === 'unreadable') return { kind: 'broken', root, message: around.message };
  return homeIn(around, root);
}

/** What a folder belongs to, by what the one above it does. */
export async function homeOf(folder: OctetText, above: Home): Promise<Home> {
  if (above.kind === 'git-folder') return above;
  if (above.kind === 'work-tree' && folder === octetText(above.repository.gitDir))
    return homeIn(above.repository, folder);
  if (!isThere(joined(folder, '.git')) && !isThere(joined(folder, 'HEAD'))) return above;
  const found = await repositoryAt(octetsOfText(folder)).catch(() => undefined);
  if (found === undefined) return above;
  if (found.kind === 'unreadable') return { kind: 'broken', root: folder, message: found.message };
  return homeIn(found, folder);
}

/** Nearly all folders are no repository: that costs no turn of the loop. */
function isThere(path: OctetText): boolean {
  try {
    return lstatSync(octetsOfText(path), { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

function homeIn(repository: Repository, folder: OctetText): Home {
  const gitDir = octetText(repository.gitDir);
  if (isWithin(folder, gitDir)) return { kind: 'git-folder', root: gitDir, repository };
  return { kind: 'work-tree', root: octetText(repository.root), repository };
}
