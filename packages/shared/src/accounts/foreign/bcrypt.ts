import { BCRYPT_COST } from '../limits.ts';

const FORM = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/;

/** Whether the text is bcrypt's, at a cost for which there is patience. */
export function isBcrypt(text: string): boolean {
  const cost = Number(FORM.exec(text)?.[1] ?? Number.NaN);
  return cost >= BCRYPT_COST.least && cost <= BCRYPT_COST.most;
}

/** Whether the password is the one of this text. It is loaded by those who have such a password, which are few and fewer. */
export async function matchesBcrypt(password: string, text: string): Promise<boolean> {
  const { compare } = await import('bcryptjs');
  return compare(password, text);
}
