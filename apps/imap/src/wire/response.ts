/**
 * What a handler can say: typed values; only `serialize.ts` turns them into octets, so quoting, literals and line
 * ends are decided in one place (RFC 3501 §7).
 */
import type { SeqNum } from './command.ts';

/** A response code in brackets (RFC 3501 §7.1, RFC 4315 §3, RFC 5530 §3). */
export type ResponseCode =
  | { readonly code: 'ALERT' | 'PARSE' | 'READ-ONLY' | 'READ-WRITE' | 'TRYCREATE' | 'UIDNOTSTICKY' }
  | {
      readonly code:
        | 'ALREADYEXISTS'
        | 'AUTHORIZATIONFAILED'
        | 'AUTHENTICATIONFAILED'
        | 'CANNOT'
        | 'CLIENTBUG'
        | 'CLOSED'
        | 'COMPRESSIONACTIVE'
        | 'CONTACTADMIN'
        | 'CORRUPTION'
        | 'EXPIRED'
        | 'EXPUNGEISSUED'
        | 'HASCHILDREN'
        | 'INUSE'
        | 'LIMIT'
        | 'NOMODSEQ'
        | 'NONEXISTENT'
        | 'NOPERM'
        | 'NOTSAVED'
        | 'OVERQUOTA'
        | 'PRIVACYREQUIRED'
        | 'SERVERBUG'
        | 'TOOBIG'
        | 'UNAVAILABLE'
        | 'UNKNOWN-CTE'
        | 'USEATTR';
    }
  | { readonly code: 'BADCHARSET'; readonly charsets: readonly string[] }
  | { readonly code: 'CAPABILITY'; readonly capabilities: readonly string[] }
  | { readonly code: 'PERMANENTFLAGS'; readonly flags: readonly string[]; readonly anyKeyword: boolean }
  | { readonly code: 'UIDNEXT' | 'UIDVALIDITY' | 'UNSEEN'; readonly value: number }
  /** RFC 7162 §3.1.2.1; RFC 7889 §5 where an APPEND is too big. */
  | { readonly code: 'HIGHESTMODSEQ' | 'APPENDLIMIT'; readonly value: number }
  /** Messages that a conditional STORE left alone: sequence numbers or UIDs as the command named them (RFC 7162 §3.1.3). */
  | { readonly code: 'MODIFIED'; readonly numbers: readonly number[] }
  /** RFC 8474 §4.1, §4.2. */
  | { readonly code: 'MAILBOXID'; readonly id: string }
  /** Several after a MULTIAPPEND (RFC 3502, RFC 4315 §3). */
  | { readonly code: 'APPENDUID'; readonly uidValidity: number; readonly uids: readonly number[] }
  | {
      readonly code: 'COPYUID';
      readonly uidValidity: number;
      readonly source: readonly number[];
      readonly destination: readonly number[];
    };

export type Condition = 'OK' | 'NO' | 'BAD';

/** A body that is sent as a literal without being held in memory. `length` is exact. */
export interface LiteralStream {
  readonly length: number;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** One item of a FETCH response, in the order of sending. */
export type FetchDatum =
  | { readonly item: 'UID' | 'RFC822.SIZE' | 'MODSEQ'; readonly value: number }
  /** RFC 8474 §5: an id in parentheses; a THREADID may be NIL. */
  | { readonly item: 'EMAILID' | 'THREADID'; readonly id: string | null }
  /** `label` is `BINARY.SIZE[1.2]`. */
  | { readonly item: 'BINARY.SIZE[]'; readonly label: string; readonly value: number }
  | { readonly item: 'FLAGS'; readonly flags: readonly string[] }
  | { readonly item: 'INTERNALDATE'; readonly value: number }
  /** Wire text made by message/, sent as it is. */
  | { readonly item: 'ENVELOPE' | 'BODY' | 'BODYSTRUCTURE'; readonly wire: string }
  /** `label` as the response spells it: `BODY[1.MIME]<0>`, `RFC822.HEADER`. NIL when the part does not exist. */
  | {
      readonly item: 'literal';
      readonly label: string;
      readonly content: Uint8Array | LiteralStream | null;
      /** Holds a NUL, or may: sent as a literal8 (RFC 9051 §4.3.2, RFC 3516 §4.2). */
      readonly binary?: boolean;
    };

export type Response =
  | { readonly type: 'greeting'; readonly condition: 'OK' | 'BYE'; readonly code?: ResponseCode; readonly text: string }
  /** `+ text`; AUTHENTICATE's challenge is already in base64. */
  | { readonly type: 'continue'; readonly text: string }
  | {
      readonly type: 'tagged';
      readonly tag: string;
      readonly condition: Condition;
      readonly code?: ResponseCode;
      readonly text: string;
    }
  | { readonly type: 'untagged'; readonly condition: Condition; readonly code?: ResponseCode; readonly text: string }
  | { readonly type: 'bye'; readonly code?: ResponseCode; readonly text: string }
  | { readonly type: 'capability'; readonly capabilities: readonly string[] }
  | { readonly type: 'flags'; readonly flags: readonly string[] }
  | {
      readonly type: 'list' | 'lsub';
      readonly attributes: readonly string[];
      readonly delimiter: string | null;
      /** In Unicode; the serializer encodes it: modified UTF-7, or UTF-8 where the session has enabled that. */
      readonly mailbox: string;
      /** The CHILDINFO extended data: selection options by which a child matched (RFC 9051 §6.3.9.6). */
      readonly childInfo?: readonly string[];
      /** The OLDNAME extended data (RFC 9051 §6.3.9.7). */
      readonly oldName?: string;
    }
  | {
      readonly type: 'status';
      readonly mailbox: string;
      /** A string is an object id in parentheses (RFC 8474 §4.3); null is NIL (RFC 7889 §5). */
      readonly items: readonly { readonly item: string; readonly value: number | string | null }[];
    }
  /** `modSeq`: the highest of the messages found, where the search asked for MODSEQ (RFC 7162 §3.1.5). */
  | { readonly type: 'search'; readonly numbers: readonly number[]; readonly modSeq?: number }
  /** RFC 9051 §7.3.4, RFC 4731 §3.1. `all` ascends; the serializer writes it as ranges. */
  | {
      readonly type: 'esearch';
      readonly tag: string;
      readonly uid: boolean;
      readonly min?: number;
      readonly max?: number;
      readonly count?: number;
      readonly all?: readonly number[];
      readonly modSeq?: number;
    }
  | { readonly type: 'enabled'; readonly capabilities: readonly string[] }
  /** One personal namespace without prefix, none of others' (RFC 9051 §7.3.2). */
  | { readonly type: 'namespace'; readonly delimiter: string }
  | { readonly type: 'id'; readonly fields: readonly (readonly [string, string])[] }
  /** RFC 7162 §3.2.10. Ascending; the serializer writes ranges. */
  | { readonly type: 'vanished'; readonly uids: readonly number[] }
  /** The same for what went earlier, as ranges: there may be as many UIDs as there are numbers. Ascending, apart from each other. */
  | { readonly type: 'vanished-earlier'; readonly ranges: readonly { readonly from: number; readonly to: number }[] }
  | { readonly type: 'exists' | 'recent'; readonly count: number }
  | { readonly type: 'expunge'; readonly seq: SeqNum }
  | { readonly type: 'fetch'; readonly seq: SeqNum; readonly data: readonly FetchDatum[] }
  /** FETCH responses without literals, one for each message: together they cost little more on their way than one. */
  | { readonly type: 'fetches'; readonly messages: readonly PlainFetch[] };

/** An item that is no literal. */
export type PlainDatum = Exclude<FetchDatum, { item: 'literal' }>;

/** What a FETCH response says of a message where it has no literals. */
export interface PlainFetch {
  readonly seq: SeqNum;
  readonly data: readonly PlainDatum[];
}
