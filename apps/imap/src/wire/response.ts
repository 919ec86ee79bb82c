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
        | 'AUTHENTICATIONFAILED'
        | 'CANNOT'
        | 'CLIENTBUG'
        | 'EXPUNGEISSUED'
        | 'LIMIT'
        | 'NONEXISTENT'
        | 'NOPERM'
        | 'OVERQUOTA'
        | 'PRIVACYREQUIRED'
        | 'SERVERBUG'
        | 'UNAVAILABLE';
    }
  | { readonly code: 'BADCHARSET'; readonly charsets: readonly string[] }
  | { readonly code: 'CAPABILITY'; readonly capabilities: readonly string[] }
  | { readonly code: 'PERMANENTFLAGS'; readonly flags: readonly string[]; readonly anyKeyword: boolean }
  | { readonly code: 'UIDNEXT' | 'UIDVALIDITY' | 'UNSEEN'; readonly value: number }
  | { readonly code: 'APPENDUID'; readonly uidValidity: number; readonly uid: number }
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
  | { readonly item: 'UID' | 'RFC822.SIZE'; readonly value: number }
  | { readonly item: 'FLAGS'; readonly flags: readonly string[] }
  | { readonly item: 'INTERNALDATE'; readonly value: number }
  /** Wire text made by message/, sent as it is. */
  | { readonly item: 'ENVELOPE' | 'BODY' | 'BODYSTRUCTURE'; readonly wire: string }
  /** `label` as the response spells it: `BODY[1.MIME]<0>`, `RFC822.HEADER`. NIL when the part does not exist. */
  | { readonly item: 'literal'; readonly label: string; readonly content: Uint8Array | LiteralStream | null };

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
      /** In Unicode; the serializer encodes it. */
      readonly mailbox: string;
    }
  | {
      readonly type: 'status';
      readonly mailbox: string;
      readonly items: readonly { readonly item: string; readonly value: number }[];
    }
  | { readonly type: 'search'; readonly numbers: readonly number[] }
  | { readonly type: 'exists' | 'recent'; readonly count: number }
  | { readonly type: 'expunge'; readonly seq: SeqNum }
  | { readonly type: 'fetch'; readonly seq: SeqNum; readonly data: readonly FetchDatum[] };
