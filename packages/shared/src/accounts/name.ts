/** Letters that are also safe as a folder's name; a dot in front would hide the folder or climb out of it. */
const NAME = /^(?!\.)[a-z0-9._@+-]{1,64}$/;

/** The account's name folded to lower case, or undefined where it is none. */
export function foldName(name: string): string | undefined {
  const folded = name.toLowerCase();
  // Lower-casing turns the Kelvin sign into an ASCII k: only ASCII may have gone in.
  return NAME.test(folded) && /^[\x21-\x7e]+$/.test(name) ? folded : undefined;
}

const LABEL = /^[a-z0-9._-]{1,32}$/;

/** An app password's name folded to lower case, or undefined where it is none. */
export function foldLabel(label: string): string | undefined {
  const folded = label.toLowerCase();
  return LABEL.test(folded) && /^[\x21-\x7e]+$/.test(label) ? folded : undefined;
}

/** What somebody signs in as. */
export interface Login {
  readonly account: string;
  /** The app password that is meant. */
  readonly label?: string;
}

/**
 * `alice`, or `alice/phone` where her app password `phone` is meant. The slash is in no account's name, so the two are
 * never mixed up; a plus, which mail addresses use for the like, may be.
 */
export function parseLogin(login: string): Login | undefined {
  const slash = login.indexOf('/');
  const account = foldName(slash === -1 ? login : login.slice(0, slash));
  if (account === undefined) return undefined;
  if (slash === -1) return { account };
  const label = foldLabel(login.slice(slash + 1));
  return label === undefined ? undefined : { account, label };
}

/** The login of an app password. */
export const loginOf = (account: string, label: string): string => `${account}/${label}`;
