/** Response codes and the text after them: `resp-text = ["[" resp-text-code "]" SP] text` (RFC 3501 §7.1, RFC 9051 §7.1). */
import type { SerializeOptions } from './options.ts';
import { humanText, wireAstring, wireFlag, wireUidSet } from './output.ts';
import type { ResponseCode } from './response.ts';

/** There is text after every code: clients trip over `[HIGHESTMODSEQ n]` with nothing behind it. */
export function responseText(
  { code, text }: { readonly code?: ResponseCode; readonly text: string },
  { rev2 }: SerializeOptions,
): string {
  const written = code === undefined ? '' : responseCode(code);
  return written === '' ? humanText(text, rev2) : `[${written}] ${humanText(text, rev2)}`;
}

/** Without brackets; '' where there is nothing to tell, as of a set without members. */
function responseCode(code: ResponseCode): string {
  switch (code.code) {
    case 'BADCHARSET':
      return `BADCHARSET (${code.charsets.map((charset) => wireAstring(charset)).join(' ')})`;
    case 'CAPABILITY':
      return `CAPABILITY ${code.capabilities.join(' ')}`;
    case 'PERMANENTFLAGS':
      return `PERMANENTFLAGS (${[...code.flags.map(wireFlag), ...(code.anyKeyword ? ['\\*'] : [])].join(' ')})`;
    case 'UIDNEXT':
    case 'UIDVALIDITY':
    case 'UNSEEN':
    case 'HIGHESTMODSEQ':
    case 'APPENDLIMIT':
      return `${code.code} ${code.value}`;
    case 'MODIFIED':
      return code.numbers.length === 0 ? '' : `MODIFIED ${wireUidSet(code.numbers)}`;
    case 'MAILBOXID':
      return `MAILBOXID (${code.id})`;
    case 'APPENDUID':
      return code.uids.length === 0 ? '' : `APPENDUID ${code.uidValidity} ${wireUidSet(code.uids)}`;
    case 'COPYUID':
      if (code.source.length === 0) return ''; // the grammar has no empty set (RFC 4315 §4)
      return `COPYUID ${code.uidValidity} ${wireUidSet(code.source)} ${wireUidSet(code.destination)}`;
    default:
      return code.code;
  }
}
