/** The commands of LMTP (RFC 2033 §4, RFC 5321 §4.1) with the parameters of what is announced. Pure. */
import { type Address, isBeyondAscii, readPath } from './address.ts';
import { REPLIES, type Reply } from './reply.ts';

export interface Sender {
  readonly address: Address;
  /** SIZE (RFC 1870), octets. */
  readonly size: number | undefined;
  /** SMTPUTF8 (RFC 6531): addresses may be in UTF-8. */
  readonly utf8: boolean;
}

export type Command =
  | { readonly name: 'LHLO'; readonly client: string }
  | { readonly name: 'MAIL'; readonly sender: Sender }
  | { readonly name: 'RCPT'; readonly recipient: Address }
  | { readonly name: 'DATA' }
  | { readonly name: 'QUIT' }
  | { readonly name: 'RSET' | 'NOOP' | 'VRFY' | 'HELP' }
  /** It is no command, or not one of ours, and this is the answer. */
  | { readonly name: 'BAD'; readonly answer: Reply };

const bad = (answer: Reply): Command => ({ name: 'BAD', answer });

const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The command of a line without its CRLF. */
export function parseCommand(octets: Uint8Array): Command {
  const text = decode(octets);
  if (text === undefined) return bad(REPLIES.syntax);
  const [, verb = '', rest = ''] = /^(\S*) *(.*?) *$/.exec(text) ?? [];
  return PARSERS.get(verb.toUpperCase())?.(rest) ?? bad(REPLIES.unknown);
}

function decode(octets: Uint8Array): string | undefined {
  try {
    return DECODER.decode(octets);
  } catch {
    return undefined; // neither ASCII nor UTF-8: nothing that may stand in a command
  }
}

const alone =
  (command: Command) =>
  (rest: string): Command =>
    rest === '' ? command : bad(REPLIES.syntax);

const PARSERS: ReadonlyMap<string, (rest: string) => Command> = new Map(
  Object.entries({
    LHLO: (rest: string): Command => (isClientName(rest) ? { name: 'LHLO', client: rest } : bad(REPLIES.syntax)),
    MAIL: parseMail,
    RCPT: parseRcpt,
    DATA: alone({ name: 'DATA' }),
    RSET: alone({ name: 'RSET' }),
    QUIT: alone({ name: 'QUIT' }),
    NOOP: (): Command => ({ name: 'NOOP' }),
    VRFY: (rest: string): Command => (rest === '' ? bad(REPLIES.syntax) : { name: 'VRFY' }),
    HELP: (): Command => ({ name: 'HELP' }),
    HELO: () => bad(REPLIES.notSmtp),
    EHLO: () => bad(REPLIES.notSmtp),
    EXPN: () => bad(REPLIES.notImplemented),
    BDAT: () => bad(REPLIES.notImplemented),
    STARTTLS: () => bad(REPLIES.notImplemented),
    AUTH: () => bad(REPLIES.notImplemented),
  }),
);

/** What stands in the Received field has to be one word of it. */
const isClientName = (text: string): boolean => /^[^\s()<>;,"\\\p{C}]{1,255}$/u.test(text);

function parseMail(rest: string): Command {
  const path = readPath(/^from: *(.*)$/i.exec(rest)?.[1] ?? '');
  if (path === undefined) return bad(REPLIES.badSender);
  const parameters = readParameters(path.rest);
  if (parameters === undefined) return bad(REPLIES.parameter);
  const sender = { address: path.address, ...parameters };
  return isBeyondAscii(sender.address) && !sender.utf8 ? bad(REPLIES.utf8Sender) : { name: 'MAIL', sender };
}

/** SIZE, BODY and SMTPUTF8, each at most once; undefined where there is anything else. */
function readParameters(text: string): Pick<Sender, 'size' | 'utf8'> | undefined {
  const seen = new Map<string, string | undefined>();
  for (const word of text.split(' ').filter((part) => part !== '')) {
    const at = word.indexOf('=');
    const name = (at === -1 ? word : word.slice(0, at)).toUpperCase();
    const value = at === -1 ? undefined : word.slice(at + 1);
    if (seen.has(name) || ALLOWED.get(name)?.(value) !== true) return undefined;
    seen.set(name, value);
  }
  const size = seen.get('SIZE');
  return { size: size === undefined ? undefined : Number(size), utf8: seen.has('SMTPUTF8') };
}

const ALLOWED: ReadonlyMap<string, (value: string | undefined) => boolean> = new Map(
  Object.entries({
    SIZE: (value: string | undefined) => value !== undefined && /^\d{1,20}$/.test(value),
    BODY: (value: string | undefined) => value !== undefined && /^(?:7BIT|8BITMIME)$/i.test(value),
    SMTPUTF8: (value: string | undefined) => value === undefined,
  }),
);

function parseRcpt(rest: string): Command {
  const path = readPath(/^to: *(.*)$/i.exec(rest)?.[1] ?? '');
  if (path === undefined || path.address.local === '') return bad(REPLIES.badRecipient);
  return path.rest === '' ? { name: 'RCPT', recipient: path.address } : bad(REPLIES.parameter);
}
