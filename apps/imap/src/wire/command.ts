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
/** Which messages a command means: a set, or `$`, what the last SEARCH saved (RFC 9051 §6.4.4.1, RFC 5182 §2). */
export type MessageSet = SequenceSet | 'saved';

/**
 * A modification sequence as the client gave it (RFC 7162 §7: 63 bits). Ours stay below 2^53, so a larger one is read as
 * Number.MAX_SAFE_INTEGER: above every one of ours, as it is.
 */
export type ModSeqValue = number;

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
  /** RFC 7162 §3.1.5, RFC 8474 §4.2, §5.2. */
  | { readonly item: 'MODSEQ' | 'EMAILID' | 'THREADID' }
  /** A part's content without its transfer encoding, or its size (RFC 9051 §6.4.5, RFC 3516 §4). */
  | {
      readonly item: 'BINARY[]';
      readonly peek: boolean;
      readonly part: readonly number[];
      readonly partial?: { readonly start: number; readonly length: number };
    }
  | { readonly item: 'BINARY.SIZE[]'; readonly part: readonly number[] }
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
  | { readonly key: 'SEQUENCE' | 'UID'; readonly set: MessageSet }
  /** Seconds before now (RFC 5032 §3). */
  | { readonly key: 'OLDER' | 'YOUNGER'; readonly seconds: number }
  /** Messages changed at or after this (RFC 7162 §3.1.5); an entry name is read and makes no difference. */
  | { readonly key: 'MODSEQ'; readonly modSeq: ModSeqValue }
  /** RFC 8474 §6. */
  | { readonly key: 'EMAILID' | 'THREADID'; readonly id: string }
  | { readonly key: 'NOT'; readonly operand: SearchKey }
  | { readonly key: 'OR'; readonly operands: readonly [SearchKey, SearchKey] }
  | { readonly key: 'AND'; readonly operands: readonly SearchKey[] };

/** RFC 9051 §6.3.11, RFC 3501 §6.3.10, RFC 7162 §3.1.7, RFC 7889 §5, RFC 8474 §4.3. */
export type StatusItem =
  | 'MESSAGES'
  | 'RECENT'
  | 'UIDNEXT'
  | 'UIDVALIDITY'
  | 'UNSEEN'
  | 'DELETED'
  | 'SIZE'
  | 'HIGHESTMODSEQ'
  | 'APPENDLIMIT'
  | 'MAILBOXID';

/** What an extended SEARCH is to return (RFC 9051 §6.4.4, RFC 4731 §3.1, RFC 5182 §2). Empty means ALL. */
export type SearchReturn = 'MIN' | 'MAX' | 'ALL' | 'COUNT' | 'SAVE';

/** What a client that comes back knows (RFC 7162 §3.2.5). */
export interface Resynchronisation {
  readonly uidValidity: number;
  readonly modSeq: ModSeqValue;
  /** Known UIDs; all when absent. */
  readonly knownUids?: SequenceSet;
  /** Sequence numbers and the UIDs they belong to, of the same length. */
  readonly match?: { readonly numbers: SequenceSet; readonly uids: SequenceSet };
}

/** How LIST chooses mailboxes (RFC 9051 §6.3.9.1, RFC 5258 §3.1, RFC 6154 §2). */
export type ListSelection = 'SUBSCRIBED' | 'REMOTE' | 'RECURSIVEMATCH' | 'SPECIAL-USE';

/** What LIST tells of each besides (RFC 9051 §6.3.9.2, RFC 5819 §2, RFC 6154 §2). */
export interface ListReturn {
  readonly subscribed: boolean;
  readonly children: boolean;
  readonly specialUse: boolean;
  readonly status?: readonly StatusItem[];
}

/** One message of an APPEND (RFC 3502 §3: there may be several). */
export interface AppendedMessage {
  readonly flags: readonly string[];
  /** Milliseconds since the epoch. */
  readonly internalDate?: number;
  /** Length of the message literal in octets; its bytes follow as a stream (see framer.ts). */
  readonly length: number;
  /** Sent as a literal8, `~{…}` (RFC 9051 §4.3, RFC 3516 §4.4). */
  readonly binary: boolean;
  /** Sent as `UTF8 (~{…})` (RFC 6855 §4). */
  readonly utf8: boolean;
}

/** One member for each name, so that `CommandOf` finds it. */
type Named<N extends string> = N extends string ? { readonly name: N } : never;

/** Commands without arguments. */
export type BareCommand = Named<
  'CAPABILITY' | 'NOOP' | 'LOGOUT' | 'STARTTLS' | 'CHECK' | 'CLOSE' | 'EXPUNGE' | 'IDLE' | 'NAMESPACE' | 'UNSELECT'
>;

/** Every command. `uid` tells the UID form of a command from the one by sequence number. */
export type CommandBody =
  | BareCommand
  | (Named<'AUTHENTICATE'> & { readonly mechanism: string; readonly initialResponse?: Octets })
  | (Named<'LOGIN'> & { readonly user: string; readonly password: string })
  /** Upper case (RFC 9051 §6.3.1, RFC 5161 §3.1). */
  | (Named<'ENABLE'> & { readonly capabilities: readonly string[] })
  /** Null where the client gives nothing (RFC 2971 §3.1); field names as written. */
  | (Named<'ID'> & { readonly fields: readonly (readonly [string, string | null])[] | null })
  /** Upper case (RFC 4978 §3). */
  | (Named<'COMPRESS'> & { readonly mechanism: string })
  | (Named<'SELECT' | 'EXAMINE'> & {
      readonly mailbox: MailboxArgument;
      /** RFC 7162 §3.1.8. */
      readonly condstore: boolean;
      readonly qresync?: Resynchronisation;
    })
  /** Special uses as written, with their backslash (RFC 6154 §3). */
  | (Named<'CREATE'> & { readonly mailbox: MailboxArgument; readonly specialUse: readonly string[] })
  | (Named<'DELETE' | 'SUBSCRIBE' | 'UNSUBSCRIBE'> & { readonly mailbox: MailboxArgument })
  | (Named<'RENAME'> & { readonly from: MailboxArgument; readonly to: MailboxArgument })
  | (Named<'LIST'> & {
      readonly reference: string;
      /** One, unless the command was an extended one. */
      readonly patterns: readonly string[];
      readonly selection: readonly ListSelection[];
      readonly returns: ListReturn;
      /** The command used the extended syntax (RFC 5258 §3). */
      readonly extended: boolean;
    })
  | (Named<'LSUB'> & { readonly reference: string; readonly pattern: string })
  | (Named<'STATUS'> & { readonly mailbox: MailboxArgument; readonly items: readonly StatusItem[] })
  /** Messages after the first are read by the session as their heads arrive (see framer.ts). */
  | (Named<'APPEND'> & { readonly mailbox: MailboxArgument; readonly first: AppendedMessage })
  | (Named<'SEARCH'> & {
      readonly uid: boolean;
      readonly criteria: SearchKey;
      /** The command had a RETURN: its answer is an ESEARCH. */
      readonly returns?: readonly SearchReturn[];
    })
  | (Named<'FETCH'> & {
      readonly uid: boolean;
      readonly set: MessageSet;
      readonly items: readonly FetchItem[];
      /** Only messages changed after this (RFC 7162 §3.1.4.1). */
      readonly changedSince?: ModSeqValue;
      /** Expunges since then as well; only with UID and changedSince (RFC 7162 §3.2.6). */
      readonly vanished: boolean;
    })
  | (Named<'STORE'> & {
      readonly uid: boolean;
      readonly set: MessageSet;
      readonly operation: 'add' | 'remove' | 'replace';
      readonly silent: boolean;
      readonly flags: readonly string[];
      /** RFC 7162 §3.1.3. */
      readonly unchangedSince?: ModSeqValue;
    })
  | (Named<'COPY' | 'MOVE'> & { readonly uid: boolean; readonly set: MessageSet; readonly mailbox: MailboxArgument })
  /** UID EXPUNGE (RFC 4315 §2.1). */
  | (Named<'UID EXPUNGE'> & { readonly set: MessageSet });

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
  /** A SEARCH with SAVE that is answered NO: `$` stands for nothing from then on (RFC 5182 §2.1). */
  readonly saves?: boolean;
  /** A SELECT or EXAMINE that is answered NO: no mailbox is selected from then on (RFC 3501 §6.3.1). */
  readonly deselects?: boolean;
}
