import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';

/** The file that a program's name stands for in a `PATH`; folders that are not absolute do not count. */
export async function findProgram(program: string, path: string): Promise<string | undefined> {
  for (const folder of path.split(':').filter((part) => part.startsWith('/'))) {
    const file = join(folder, program);
    const isThere = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return file;
  }
  return undefined;
}
