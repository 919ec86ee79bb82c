import { pathText } from '../../plan/actions/path.ts';

/** A word for a POSIX shell. What is no text, or would drive a terminal, stands there by its codes. */
function shellWord(octets: Buffer): string {
  const text = octets.toString();
  if (/^[\w./:@=+,-]+$/.test(text)) return text;
  if (pathText(octets).replaceAll('\\\\', '\\') === text) return `'${text.replaceAll("'", "'\\''")}'`;
  return `$'${pathText(octets).replaceAll("'", "\\'")}'`;
}

/** A command line. */
export const commandLine = (...words: readonly (string | Buffer)[]): string =>
  words.map((word) => shellWord(Buffer.from(word))).join(' ');
