/** Letters that are also safe as a folder's name; a dot in front would hide the folder or climb out of it. */
const NAME = /^(?!\.)[a-z0-9._@+-]{1,64}$/;

/** The account's name folded to lower case, or undefined where it is none. */
export function foldName(name: string): string | undefined {
  const folded = name.toLowerCase();
  // Lower-casing turns the Kelvin sign into an ASCII k: only ASCII may have gone in.
  return NAME.test(folded) && /^[\x21-\x7e]+$/.test(name) ? folded : undefined;
}
