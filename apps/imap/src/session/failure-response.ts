import type { ParseFailure } from '../wire/command.ts';
import type { Response, ResponseCode } from '../wire/response.ts';

/** What kinds of failures are NO, and with which code; all others are BAD. */
const REFUSALS: { readonly [K in ParseFailure['kind']]?: ResponseCode } = {
  'bad-charset': { code: 'BADCHARSET', charsets: ['US-ASCII', 'UTF-8'] },
  'bad-mailbox-name': { code: 'CANNOT' },
};

/** The answer to what is no command; untagged where its tag could not be read. */
export function failureResponse(tag: string | undefined, kind: ParseFailure['kind'], text: string): Response {
  const code = REFUSALS[kind];
  const said = code === undefined ? ({ condition: 'BAD', text } as const) : ({ condition: 'NO', code, text } as const);
  return tag === undefined ? { type: 'untagged', ...said } : { type: 'tagged', tag, ...said };
}
