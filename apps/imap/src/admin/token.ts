/** The secret that lets an operator in: made at the first start, in a file that nobody else can read. */
import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { link, open, rm } from 'node:fs/promises';
import { ADMIN } from '../limits.ts';

/** The token's file cannot be used; `message` is a sentence that says what to do. */
export class TokenError extends Error {
  override readonly name = 'TokenError';
}

export class Token {
  readonly #digest: Buffer;

  constructor(text: string) {
    this.#digest = digestOf(text);
  }

  /** Whether an Authorization header bears it (RFC 6750 §2.1). Takes the same time whatever is wrong. */
  isIn(authorization: string | undefined): boolean {
    const given = /^bearer +([\w~+/.=-]+) *$/i.exec(authorization ?? '')?.[1] ?? '';
    return timingSafeEqual(digestOf(given), this.#digest);
  }
}

/** Digests are of one length, which `timingSafeEqual` wants. */
const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The token in the file, which is made where there is none. Rejects with `TokenError`. */
export async function readToken(file: string): Promise<Token> {
  try {
    return new Token((await readPrivate(file)) ?? (await make(file)));
  } catch (error) {
    if (error instanceof TokenError) throw error;
    throw new TokenError(`The admin token ${file} cannot be read or made: ${codeOf(error)}.`);
  }
}

/** The file's first line; undefined where there is no file. */
async function readPrivate(file: string): Promise<string | undefined> {
  const handle = await open(file, 'r').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (handle === undefined) return undefined;
  try {
    const { mode, size } = await handle.stat();
    if ((mode & 0o077) !== 0) throw new TokenError(`Others can read the admin token: chmod 600 ${file}`);
    const text = size > ADMIN.header ? '' : (await handle.readFile('utf8')).trim();
    if (/^[\w~+/.=-]{32,}$/.test(text)) return text;
    throw new TokenError(`${file} holds no token of 32 characters or more: remove it to have one made.`);
  } finally {
    await handle.close();
  }
}

/** Linked into its place: nobody sees half of it, and of two processes that start at once one wins. */
async function make(file: string): Promise<string> {
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(`${randomBytes(32).toString('base64url')}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await link(temporary, file).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error;
    });
  } finally {
    await rm(temporary, { force: true });
  }
  const text = await readPrivate(file);
  if (text === undefined) throw new TokenError(`The admin token ${file} was removed while it was made.`);
  return text;
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
