/** Commands as they are sent: text, and what cannot stand in a line. */
import { encodeUtf7 } from '@scorpiox/maildir';

/** Octets of a known length, streamed from wherever they are. */
export interface OutgoingLiteral {
  readonly length: number;
  readonly chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** A line that the server has to ask for: SASL's answers. */
interface AnswerLine {
  readonly answer: string;
}

/** A command without tag and line end: `['SELECT ', ...astring('INBOX')]`. */
export type CommandParts = readonly (string | OutgoingLiteral | AnswerLine)[];

/** A text as an argument: quoted where that can be, else a literal. */
export function astring(text: string): CommandParts {
  if (/^[\x20-\x7e]*$/.test(text)) return [`"${text.replace(/["\\]/g, '\\$&')}"`];
  const octets = Buffer.from(text);
  return [{ length: octets.length, chunks: [octets] }];
}

/** A mailbox's name, given in Unicode and with the server's own delimiter, as an argument (RFC 3501 §5.1.3). */
export const mailboxArgument = (name: string): CommandParts => astring(encodeUtf7(name));

/** `UID FETCH`, `LOGIN`: what may be said of a command to whoever reads messages. */
export function nameOf([first]: CommandParts): string {
  return typeof first === 'string' ? (/^(?:UID )?[A-Z]+/.exec(first)?.[0] ?? '') : '';
}
