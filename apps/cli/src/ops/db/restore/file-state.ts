import { stat } from 'node:fs/promises';
import { systemErrorCode } from '../../failure.ts';
import { ABSENT } from '../../plan/actions/place.ts';

/** Which file lies at a path; with `content`, a change of what is in it is another state too. */
export async function fileState(path: string, what: 'file' | 'content' = 'file'): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs } = await stat(path, { bigint: true });
    return what === 'file' ? `file ${dev}:${ino}` : `file ${dev}:${ino}, ${size} bytes of ${mtimeNs}`;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return ABSENT;
    throw error;
  }
}

/** Whether two names are of one file. */
export async function isOneFile(one: string, other: string): Promise<boolean> {
  const state = await fileState(one);
  return state !== ABSENT && state === (await fileState(other));
}
