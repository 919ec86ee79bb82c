/** The Content- fields of a MIME header (RFC 2045, 2046, 2183, 3282), read tolerantly. */
import { PARAMETERS } from './limits.ts';
import type { Parameter } from './structure.ts';
import { Scanner } from './tokens.ts';

export interface ContentType {
  readonly type: string;
  readonly subtype: string;
  readonly parameters: readonly Parameter[];
}

/** `tspecials` and blanks end a token (RFC 2045 §5.1). */
const TOKEN_STOPS = '()<>@,;:\\"/[]?= \t\r\n';
/** Values are read to the next separator: unquoted file names with blanks' specials in them are common. */
const VALUE_STOPS = ';" \t\r\n(';

/** A Content-Type field; undefined where there is no type and subtype in it (RFC 2045 §5.2: as if it were absent). */
export function parseContentType(value: string): ContentType | undefined {
  const scanner = new Scanner(value);
  scanner.skipBlanks();
  const type = scanner.until(TOKEN_STOPS);
  scanner.skipBlanks();
  if (type === '' || !scanner.accept('/')) return undefined;
  scanner.skipBlanks();
  const subtype = scanner.until(TOKEN_STOPS);
  return subtype === '' ? undefined : { type, subtype, parameters: parseParameters(scanner) };
}

/** A Content-Disposition field (RFC 2183 §2). */
export function parseDisposition(value: string): { type: string; parameters: readonly Parameter[] } | null {
  const scanner = new Scanner(value);
  scanner.skipBlanks();
  const type = scanner.until(TOKEN_STOPS);
  return type === '' ? null : { type, parameters: parseParameters(scanner) };
}

/** `*(";" parameter)`; what is no parameter is passed over. */
function parseParameters(scanner: Scanner): readonly Parameter[] {
  const parameters: Parameter[] = [];
  while (!scanner.done && parameters.length < PARAMETERS) {
    scanner.until(';"');
    if (scanner.peek() === '"') {
      scanner.quoted();
      continue;
    }
    scanner.accept(';');
    scanner.skipBlanks();
    const name = scanner.until(TOKEN_STOPS);
    scanner.skipBlanks();
    if (name === '' || !scanner.accept('=')) continue;
    scanner.skipBlanks();
    const value = scanner.peek() === '"' ? scanner.quoted() : scanner.until(VALUE_STOPS);
    parameters.push({ name, value });
  }
  return parameters;
}

/** `mechanism`, the first token (RFC 2045 §6.1). */
export function parseEncoding(value: string | undefined): string {
  const scanner = new Scanner(value ?? '');
  scanner.skipBlanks();
  return scanner.until(TOKEN_STOPS) || '7bit';
}

/** Content-Language's tags (RFC 3282 §2). */
export function parseLanguages(value: string | undefined): readonly string[] {
  const scanner = new Scanner(value ?? '');
  const languages: string[] = [];
  while (!scanner.done && languages.length < PARAMETERS) {
    scanner.skipBlanks();
    const tag = scanner.until(', \t\r\n(');
    if (tag !== '') languages.push(tag);
    scanner.skipBlanks();
    scanner.accept(',');
  }
  return languages;
}
