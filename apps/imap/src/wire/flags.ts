/** Flags as clients name them (RFC 3501 §9). */
import { type Lexer, SyntaxFault } from './lexer.ts';
import { atom } from './strings.ts';

/** The system flags that a client can set, by their names in lower case; \Recent is the server's alone. */
const SYSTEM_FLAGS = new Map(
  ['\\Answered', '\\Flagged', '\\Deleted', '\\Seen', '\\Draft'].map((flag) => [flag.toLowerCase(), flag]),
);

/** `flag-list = "(" [flag *(SP flag)] ")"` */
export function flagList(lexer: Lexer): readonly string[] {
  lexer.expect('(', 'a list of flags');
  if (lexer.accept(')')) return [];
  const flags = flagSequence(lexer);
  lexer.expect(')', 'the end of the list of flags');
  return flags;
}

/** `flag-list / (flag *(SP flag))`, as STORE takes them */
export function storeFlags(lexer: Lexer): readonly string[] {
  return lexer.peek() === 0x28 ? flagList(lexer) : flagSequence(lexer);
}

function flagSequence(lexer: Lexer): readonly string[] {
  const flags = new Map<string, string>();
  do {
    const name = flag(lexer);
    flags.set(name.toLowerCase(), name);
  } while (lexer.accept(' '));
  return [...flags.values()];
}

/** `flag = "\Answered" / "\Flagged" / "\Deleted" / "\Seen" / "\Draft" / flag-keyword` */
function flag(lexer: Lexer): string {
  if (!lexer.accept('\\')) return atom(lexer, 'a flag');
  const system = SYSTEM_FLAGS.get(`\\${atom(lexer, 'a flag').toLowerCase()}`);
  if (system === undefined) throw new SyntaxFault('no client can set that system flag');
  return system;
}
