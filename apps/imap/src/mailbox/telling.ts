/** How a session tells its client of the selected mailbox: what the view says (view.ts), in the responses that the client knows. */
import type { Mailbox, MessageState } from '@scorpiox/maildir';
import type { PlainDatum, Response } from '../wire/response.ts';
import { allFlags, permanentFlags } from './flags.ts';

/** How the client is told things; it may change while the mailbox is selected. */
export interface Telling {
  /** With UIDs and modification sequences (RFC 7162 §3.2.4). */
  readonly condstore: boolean;
  /** VANISHED instead of EXPUNGE (RFC 7162 §3.2.10). */
  readonly qresync: boolean;
  /** Without \\Recent (RFC 9051 §2.3.2). */
  readonly rev2: boolean;
}

export const PLAINLY: Telling = { condstore: false, qresync: false, rev2: false };

/** What a FETCH response says of a state besides its flags: UID and MODSEQ where the client knows of those (RFC 7162 §3.2.4). */
export function stateData(
  { uid, modSeq }: MessageState,
  { condstore }: Telling,
  withUid: boolean,
  flags: readonly PlainDatum[],
): PlainDatum[] {
  return [
    ...(withUid || condstore ? [{ item: 'UID', value: uid } as const] : []),
    ...flags,
    ...(condstore ? [{ item: 'MODSEQ', value: modSeq } as const] : []),
  ];
}

/** The mailbox's keywords, as far as the client has been told of them. */
export class ToldKeywords {
  readonly #mailbox: Pick<Mailbox, 'keywords'>;
  readonly #readOnly: boolean;
  #told: string;

  constructor(mailbox: Pick<Mailbox, 'keywords'>, readOnly: boolean) {
    this.#mailbox = mailbox;
    this.#readOnly = readOnly;
    this.#told = mailbox.keywords().join(' ');
  }

  /** FLAGS and PERMANENTFLAGS where there are keywords that the client has not been told of (RFC 3501 §7.2.6). */
  drain(): Response[] {
    const keywords = this.#mailbox.keywords();
    const told = keywords.join(' ');
    if (told === this.#told) return [];
    this.#told = told;
    return [{ type: 'flags', flags: allFlags(keywords) }, permanentFlags(keywords, this.#readOnly)];
  }
}

/** The response by which a client learns up to where it knows everything; never 0, which stands for none (RFC 7162 §7). */
export function highestModSeq(value: number): Response {
  const code = { code: 'HIGHESTMODSEQ', value: Math.max(1, value) } as const;
  return { type: 'untagged', condition: 'OK', code, text: 'Highest modification sequence.' };
}
