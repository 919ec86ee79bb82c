import { pathText } from '../../plan/actions/path.ts';
import { shellWord } from '../../shell-word.ts';

/** Octets as a shell takes them for one word. What is no text, or would drive a terminal, stands there by its codes. */
function wordOf(octets: Buffer): string {
  const text = octets.toString();
  if (pathText(octets).replaceAll('\\\\', '\\') === text) return shellWord(text);
  return `$'${pathText(octets).replaceAll("'", "\\'")}'`;
}

/** A command line. */
export const commandLine = (...words: readonly (string | Buffer)[]): string =>
  words.map((word) => wordOf(Buffer.from(word))).join(' ');
