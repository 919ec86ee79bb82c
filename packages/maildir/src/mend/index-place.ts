import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { nodeFileSystem } from '../files/node-file-system.ts';
import { alone, moveAway } from '../index/open.ts';

/**
 * Sets an index aside with what SQLite keeps beside it, or brings it back, while nobody is just opening it. Whoever has it
 * open notices, and opens the one that is there then. False where there is none, or another one lies there.
 */
export async function moveIndex(indexFile: string, aside: string, direction: 'out' | 'back'): Promise<boolean> {
  const [from, to] = direction === 'out' ? [indexFile, aside] : [aside, indexFile];
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
  let isMoved = false;
  await alone(indexFile, () => {
    if (!existsSync(from) || existsSync(to)) return;
    moveAway(from, to);
    isMoved = true;
  });
  await nodeFileSystem.syncDirectory(dirname(to));
  await nodeFileSystem.syncDirectory(dirname(from));
  return isMoved;
}
