/** Header values as people read them: encoded words (RFC 2047 §2, language tags of RFC 2231 §5) decoded. */
import { charsetDecoder, decodeUndeclared } from './charset.ts';
import { fromBinary } from './octets.ts';
import { decodeQuoted } from './transfer-encoding.ts';

const ENCODED_WORD = /=\?([^?\s]{1,64})\?([bBqQ])\?([^?]*)\?=/g;

/** A run of words in one charset: a character may be split between them, though it should not be. */
interface Run {
  readonly charset: string;
  readonly octets: Uint8Array[];
}

/** `value` has one character per octet, unfolded. */
export function decodeHeaderValue(value: string): string {
  let text = '';
  let run: Run | undefined;
  let at = 0;
  for (const match of value.matchAll(ENCODED_WORD)) {
    const [whole, label = '', encoding = '', content = ''] = match;
    const between = value.slice(at, match.index);
    const charset = label.replace(/\*.*$/, '').toLowerCase();
    // blanks between two encoded words are not shown (RFC 2047 §6.2)
    const adjoins = run !== undefined && /^[ \t\r\n]*$/.test(between);
    if (!adjoins || run?.charset !== charset) {
      text += flush(run) + (adjoins ? '' : plain(between));
      run = { charset, octets: [] };
    }
    run?.octets.push(decodeWord(encoding, content));
    at = match.index + whole.length;
  }
  return text + flush(run) + plain(value.slice(at));
}

const plain = (text: string): string => decodeUndeclared(fromBinary(text));

const flush = (run: Run | undefined): string =>
  run === undefined ? '' : charsetDecoder(run.charset).decode(Buffer.concat(run.octets));

function decodeWord(encoding: string, content: string): Uint8Array {
  if (encoding.toLowerCase() === 'b') return Buffer.from(content, 'base64');
  return decodeQuoted(content.replaceAll('_', ' '));
}
