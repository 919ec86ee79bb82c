/** From one gathered command to a typed one: `command = tag SP (…) CRLF` (RFC 3501 §9). */
import type { Command, ParseFailure } from './command.ts';
import { COMMANDS } from './commands.ts';
import type { RawCommand } from './frame.ts';
import { Lexer, SyntaxFault } from './lexer.ts';
import { keyword } from './strings.ts';
import { readTag } from './tag.ts';

type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ParseFailure };

/** Reads a command. Never throws, whatever the octets; the failure's message quotes nothing of them. */
export function parseCommand(raw: RawCommand): Parsed<Command> {
  const tag = readTag(raw.bytes);
  if (tag === undefined) return { ok: false, error: { kind: 'syntax', message: 'a tag and a command expected' } };
  try {
    const lexer = new Lexer(raw);
    lexer.skip(tag.length + 1);
    const reader = COMMANDS.get(keyword(lexer, 'a command'));
    if (reader === undefined) throw new SyntaxFault('the command is not known', 'unknown-command');
    const body = reader(lexer);
    lexer.end();
    return { ok: true, value: { tag, body } };
  } catch (fault) {
    if (!(fault instanceof SyntaxFault)) throw fault;
    return { ok: false, error: { tag, kind: fault.kind, message: fault.message } };
  }
}
