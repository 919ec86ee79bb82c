import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The file's text, or undefined where there is no such file. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Puts the text in the file's place: whoever reads sees the old file or the new one, whole. Durable on return. */
export async function replaceFile(file: string, text: string, mode: number): Promise<void> {
  await throughTemporary(file, text, mode, (temporary) => rename(temporary, file));
}

/** Makes the file unless it is there: of several processes one wins. Durable on return; gives the text that is there. */
export async function createOnce(file: string, text: string, mode: number): Promise<string> {
  await throughTemporary(file, text, mode, async (temporary) => {
    try {
      await link(temporary, file);
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error; // somebody else was first: theirs counts
    }
  });
  return readFile(file, 'utf8');
}

async function throughTemporary(
  file: string,
  text: string,
  mode: number,
  place: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    const handle = await open(temporary, 'wx', mode);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await place(temporary);
  } finally {
    await rm(temporary, { force: true });
  }
  await syncFolder(dirname(file));
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
