/**
 * One value per command that a client can send: what the parser makes and the handlers take. A value of these types
 * cannot be malformed, so no handler ever looks at tokens (RFC 3501 §9, RFC 9051 §9).
 */

declare const brand: unique symbol;
/** A message's place in the session's view, 1 … n (RFC 3501 §2.3.1.2). Never mixed up with a UID. */
export type SeqNum = number & { readonly [brand]: 'SeqNum' };

/** `*` in a set: the largest number in use. */
export type SetNumber = number | '*';
/** A sequence set or UID set as it was written; either end of a range may be the larger. */
export type SequenceSet = readonly { readonly from: SetNumber; readonly to: SetNumber }[];

/** An octet string as the client sent it (astring, nstring, literal). */
export type Octets = Uint8Array;

/** A mailbox argument, decoded (modified UTF-7 to Unicode); `INBOX` in any case is `INBOX`. */
export type MailboxArgument = string;

export interface SectionText {
  /** '' is the whole message or part; MIME only with a part. */
  readonly part: readonly number[];
  readonly text: '' | 'HEADER' | 'TEXT' | 'MIME' | 'HEADER.FIELDS' | 'HEADER.FIELDS.NOT';
  /** Field names as written, for HEADER.FIELDS and HEADER.FIELDS.NOT. */
  readonly fields: readonly string[];
}

/** One item of a FETCH (RFC 3501 §6.4.5). Macros are expanded by the parser. */
export type FetchItem =
  | { readonly item: 'UID' | 'FLAGS' | 'INTERNALDATE' | 'RFC822.SIZE' | 'ENVELOPE' | 'BODY' | 'BODYSTRUCTURE' }
  | { readonly item: 'RFC822' | 'RFC822.HEADER' | 'RFC822.TEXT' }
  | {
      readonly item: 'BODY[]';
      readonly peek: boolean;
      readonly section: SectionText;
      readonly partial?: { readonly start: number; readonly length: number };
    };

/** A search program (RFC 3501 §6.4.4). Dates are days as `YYYY-MM-DD`; strings are decoded to Unicode by the charset. */
export type SearchKey =
  | { readonly key: 'ALL' | 'ANSWERED' | 'DELETED' | 'DRAFT' | 'FLAGGED' | 'NEW' | 'OLD' | 'RECENT' | 'SEEN' }
  | { readonly key: 'UNANSWERED' | 'UNDELETED' | 'UNDRAFT' | 'UNFLAGGED' | 'UNSEEN' }
  | { readonly key: 'KEYWORD' | 'UNKEYWORD'; readonly keyword: string }
  | { readonly key: 'BEFORE' | 'ON' | 'SINCE' | 'SENTBEFORE' | 'SENTON' | 'SENTSINCE'; readonly date: string }
  | { readonly key: 'BCC' | 'BODY' | 'CC' | 'FROM' | 'SUBJECT' | 'TEXT' | 'TO'; readonly text: string }
  | { readonly key: 'HEADER'; readonly field: string; readonly text: string }
  | { readonly key: 'LARGER' | 'SMALLER'; readonly size: number }
  | { readonly key: 'SEQUENCE' | 'UID'; readonly set: SequenceSet }
  | { readonly key: 'NOT'; readonly operand: SearchKey }
  | { readonly key: 'OR'; readonly operands: readonly [SearchKey, SearchKey] }
  | { readonly key: 'AND'; readonly operands: readonly SearchKey[] };

export type StatusItem = 'MESSAGES' | 'RECENT' | 'UIDNEXT' | 'UIDVALIDITY' | 'UNSEEN';

/** One member for each name, so that `CommandOf` finds it. */
type Named<N extends string> = N extends string ? { readonly name: N } : never;

/** Commands without arguments. */
export type BareCommand = Named<'CAPABILITY' | 'NOOP' | 'LOGOUT' | 'STARTTLS' | 'CHECK' | 'CLOSE' | 'EXPUNGE' | 'IDLE'>;

/** Every command. `uid` tells the UID form of a command from the one by sequence number. */
export type CommandBody =
  | BareCommand
  | (Named<'AUTHENTICATE'> & { readonly mechanism: string; readonly initialResponse?: Octets })
  | (Named<'LOGIN'> & { readonly user: string; readonly password: string })
  | (Named<'SELECT' | 'EXAMINE' | 'CREATE' | 'DELETE' | 'SUBSCRIBE' | 'UNSUBSCRIBE'> & {
      readonly mailbox: MailboxArgument;
    })
  | (Named<'RENAME'> & { readonly from: MailboxArgument; readonly to: MailboxArgument })
  | (Named<'LIST' | 'LSUB'> & { readonly reference: string; readonly pattern: string })
  | (Named<'STATUS'> & { readonly mailbox: MailboxArgument; readonly items: readonly StatusItem[] })
  | (Named<'APPEND'> & {
      readonly mailbox: MailboxArgument;
      readonly flags: readonly string[];
      /** Milliseconds since the epoch. */
      readonly internalDate?: number;
      /** Length of the message literal in octets; its bytes follow as a stream (see framer.ts). */
      readonly length: number;
    })
  | (Named<'SEARCH'> & { readonly uid: boolean; readonly criteria: SearchKey })
  | (Named<'FETCH'> & { readonly uid: boolean; readonly set: SequenceSet; readonly items: readonly FetchItem[] })
  | (Named<'STORE'> & {
      readonly uid: boolean;
      readonly set: SequenceSet;
      readonly operation: 'add' | 'remove' | 'replace';
      readonly silent: boolean;
      readonly flags: readonly string[];
    })
  | (Named<'COPY'> & { readonly uid: boolean; readonly set: SequenceSet; readonly mailbox: MailboxArgument })
  /** UID EXPUNGE (RFC 4315 §2.1). */
  | (Named<'UID EXPUNGE'> & { readonly set: SequenceSet });

export type CommandName = CommandBody['name'];
export type CommandOf<N extends CommandName> = Extract<CommandBody, { readonly name: N }>;

/** A whole command: its tag and what it asks. */
export interface Command {
  readonly tag: string;
  readonly body: CommandBody;
}

/** Why a line is no command. The tag is there when it could be read; the reply is a tagged BAD, else untagged. */
export interface ParseFailure {
  readonly tag?: string;
  /** 'bad-charset' is answered NO with BADCHARSET, 'bad-mailbox-name' NO, everything else BAD. */
  readonly kind: 'syntax' | 'unknown-command' | 'too-long' | 'bad-charset' | 'bad-mailbox-name';
  readonly message: string;
}
