/** Flags as clients name them (RFC 3501 §9). */
import { type Lexer, SyntaxFault } from './lexer.ts';
import { listOrEmpty } from './lists.ts';
import { atom } from './strings.ts';

/** The system flags that a client can set, by their names in lower case; \Recent is the server's alone. */
const SYSTEM_FLAGS = new Map(
  ['\\Answered', '\\Flagged', '\\Deleted', '\\Seen', '\\Draft'].map((flag) => [flag.toLowerCase(), flag]),
);

/** `flag-list = "(" [flag *(SP flag)] ")"` */
export const flagList = (lexer: Lexer): readonly string[] => distinct(listOrEmpty(lexer, 'a list of flags', flag));

/** `flag-list / (flag *(SP flag))`, as STORE takes them */
export function storeFlags(lexer: Lexer): readonly string[] {
  if (lexer.atList) return flagList(lexer);
  const flags: string[] = [];
  do flags.push(flag(lexer));
  while (lexer.accept(' '));
  return distinct(flags);
}

/** Each flag once, in any case; the last spelling counts. */
const distinct = (flags: readonly string[]): readonly string[] => [
  ...new Map(flags.map((name) => [name.toLowerCase(), name])).values(),
];

/** `flag = "\Answered" / "\Flagged" / "\Deleted" / "\Seen" / "\Draft" / flag-keyword` */
function flag(lexer: Lexer): string {
  if (!lexer.accept('\\')) return atom(lexer, 'a flag');
  const system = SYSTEM_FLAGS.get(`\\${atom(lexer, 'a flag').toLowerCase()}`);
  if (system === undefined) throw new SyntaxFault('no client can set that system flag');
  return system;
}
