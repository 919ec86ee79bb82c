/** ID: who the client says it is (RFC 2971 §3.1, §3.3). */
import type { CommandOf } from './command.ts';
import { type Lexer, SyntaxFault } from './lexer.ts';
import { ID_FIELD_LENGTH, ID_FIELDS, ID_VALUE_LENGTH } from './limits.ts';
import { listOrEmpty } from './lists.ts';
import { nil, text } from './strings.ts';

/** `id = "ID" SP ("(" [string SP nstring *(SP string SP nstring)] ")" / nil)` */
export function id(lexer: Lexer): CommandOf<'ID'> {
  lexer.space();
  if (!lexer.atList) return { name: 'ID', fields: nil(lexer, 'a list of fields') };
  const fields = listOrEmpty(lexer, 'a list of fields', field);
  if (fields.length > ID_FIELDS) throw new SyntaxFault('there are too many fields');
  return { name: 'ID', fields };
}

function field(lexer: Lexer): readonly [string, string | null] {
  const name = bounded(lexer, ID_FIELD_LENGTH, 'a field name');
  lexer.space();
  return [name, lexer.atString ? bounded(lexer, ID_VALUE_LENGTH, 'a value') : nil(lexer, 'a value')];
}

function bounded(lexer: Lexer, length: number, what: string): string {
  const octets = lexer.string(what);
  if (octets.length > length) throw new SyntaxFault(`${what} is too long`);
  return text(octets);
}
