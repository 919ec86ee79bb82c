import { createHash, randomBytes } from 'node:crypto';

/** What is stored of a token, link or session: they are random, so a slow hash would add nothing. */
export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** A new one; the prefix says what it is for. */
export const newSecret = (prefix: 'sxt_' | 'sxl_' | 'sxs_'): string =>
  `${prefix}${randomBytes(32).toString('base64url')}`;
