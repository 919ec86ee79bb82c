/** Lists in parentheses, with one blank between their members. */
import type { Lexer } from './lexer.ts';

/** `"(" member *(SP member) ")"` */
export function list<T>(lexer: Lexer, what: string, member: (lexer: Lexer) => T): readonly T[] {
  lexer.expect('(', what);
  return rest(lexer, what, member);
}

/** `"(" [member *(SP member)] ")"` */
export function listOrEmpty<T>(lexer: Lexer, what: string, member: (lexer: Lexer) => T): readonly T[] {
  lexer.expect('(', what);
  return lexer.accept(')') ? [] : rest(lexer, what, member);
}

function rest<T>(lexer: Lexer, what: string, member: (lexer: Lexer) => T): readonly T[] {
  const members: T[] = [];
  do members.push(member(lexer));
  while (lexer.accept(' '));
  lexer.expect(')', `the end of ${what}`);
  return members;
}
