/**
 * From one gathered command to a typed one: `command = tag SP (…) CRLF` (RFC 3501 §9, RFC 9051 §9).
 *
 * How the session uses it: for each frame of kind 'command', `parseCommand(frame.raw, { utf8 })`, where `utf8` is
 * `SessionFeatures.utf8 || SessionFeatures.rev2` at that moment, so that a command pipelined behind ENABLE is read in the
 * encoding that ENABLE has just switched on; and the same to `Framer.setOptions`, for the mailbox name of an APPEND. A
 * failure is answered with its tag (or untagged): 'bad-charset' NO [BADCHARSET], 'bad-mailbox-name' NO [CANNOT], all else BAD.
 *
 * What only the session can know is not judged here: whether QRESYNC is enabled where SELECT or UID FETCH … VANISHED use it
 * (else BAD, RFC 7162 §3.2.5, §3.2.6), whether `UTF8 (…)` of an APPEND may be used (RFC 6855 §4), and what `$` stands for.
 */
import type { Command, ParseFailure } from './command.ts';
import { COMMANDS } from './commands.ts';
import type { RawCommand } from './frame.ts';
import { Lexer, SyntaxFault } from './lexer.ts';
import { NOTHING_ENABLED, type ParseOptions } from './options.ts';
import { keyword } from './strings.ts';
import { readTag } from './tag.ts';

type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ParseFailure };

/** Reads a command. Never throws, whatever the octets; the failure's message quotes nothing of them. */
export function parseCommand(raw: RawCommand, options: ParseOptions = NOTHING_ENABLED): Parsed<Command> {
  const tag = readTag(raw.bytes);
  if (tag === undefined) return { ok: false, error: { kind: 'syntax', message: 'a tag and a command expected' } };
  let name = '';
  try {
    const lexer = new Lexer(raw, options);
    lexer.skip(tag.length + 1);
    name = keyword(lexer, 'a command');
    const reader = COMMANDS.get(name);
    if (reader === undefined) throw new SyntaxFault('the command is not known', 'unknown-command');
    const body = reader(lexer);
    lexer.end();
    return { ok: true, value: { tag, body } };
  } catch (fault) {
    if (!(fault instanceof SyntaxFault)) throw fault;
    const { kind, message, saves } = fault;
    const deselects = kind === 'bad-mailbox-name' && (name === 'SELECT' || name === 'EXAMINE');
    return {
      ok: false,
      error: { tag, kind, message, ...(saves ? { saves } : {}), ...(deselects ? { deselects } : {}) },
    };
  }
}
