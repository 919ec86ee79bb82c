/**
 * Dovecot's passwd-files (https://doc.dovecot.org, "Passwd-file"), and /etc/shadow's first two fields with them:
 * `user:password:uid:gid:gecos:home:shell:extra fields`, all but the first two of which may be missing. Pure.
 */
import { type AdoptedPassword, foldName, parseDovecotPassword } from '@scorpiox/shared/accounts';

export interface PasswdEntry {
  /** Folded to lower case, as accounts are called. */
  readonly name: string;
  readonly password: AdoptedPassword;
  /** Why there is no password that could be checked. */
  readonly without?: string;
  /** `nologin`. */
  readonly disabled: boolean;
}

/** A line that no account can be made of. */
export interface PasswdTrouble {
  /** From 1. */
  readonly line: number;
  readonly reason: string;
}

export interface PasswdFile {
  readonly entries: readonly PasswdEntry[];
  readonly troubles: readonly PasswdTrouble[];
}

/** @param usual the scheme of passwords that name none. */
export function parsePasswdFile(text: string, usual: string): PasswdFile {
  const entries = new Map<string, PasswdEntry>();
  const troubles: PasswdTrouble[] = [];
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const trouble = (reason: string) => void troubles.push({ line: at + 1, reason });
    const [user = '', field, ...rest] = line.split(':');
    const name = foldName(user);
    if (field === undefined) trouble('It has no colon: a line is user:password, and what may follow.');
    else if (name === undefined)
      trouble('The name is none that an account may have: 1 to 64 of a-z, 0-9 and . _ @ + -.');
    else if (entries.has(name)) trouble(`${name} stands in a line before this one.`);
    else entries.set(name, entryOf(name, field, rest.slice(5).join(':').split(/\s+/), usual));
  }
  return { entries: [...entries.values()], troubles };
}

function entryOf(name: string, field: string, extra: readonly string[], usual: string): PasswdEntry {
  const has = (flag: string) => extra.some((one) => one === flag || one.startsWith(`${flag}=`));
  const disabled = has('nologin');
  const none = (without: string): PasswdEntry => ({ name, disabled, password: { kind: 'none' }, without });
  if (has('nopassword')) return none('any would have been good');
  const password = parseDovecotPassword(field, usual);
  if ('kind' in password) return { name, disabled, password };
  switch (password.why) {
    case 'locked':
      return none('the line has none, or a locked one');
    case 'malformed':
      return none(`what stands there is not ${password.scheme}, or more costly than is taken over`);
    case 'unknown-scheme':
      return none(`those of ${password.scheme} cannot be checked here`);
  }
}
