const SEPARATOR = /(?:^|\n)From [^\n]*\n/g;
const CONTENT_LENGTH = /^content-length:[ \t]*(\d+)[ \t]*\r?$/im;

/** Where the message that starts at `start` ends, by its Content-Length if that leads to a separator or to the end. */
function endByLength(text: string, start: number): number | undefined {
  const blank = /\r?\n\r?\n/g;
  blank.lastIndex = start;
  const header = blank.exec(text);
  const length = header && CONTENT_LENGTH.exec(text.slice(start, header.index))?.[1];
  if (!header || !length) return undefined;
  const end = header.index + header[0].length + Number(length);
  const rest = text.slice(end, end + 7);
  return end === text.length || /^\r?\n?(?:From |$)/.test(rest) ? end : undefined;
}

/** The messages of an mbox file, without the `From ` lines (mboxo, mboxcl2). */
export function splitMbox(bytes: Buffer): Buffer[] {
  const text = bytes.toString('latin1');
  const messages: Buffer[] = [];
  SEPARATOR.lastIndex = 0;
  for (let found = SEPARATOR.exec(text); found !== null; found = SEPARATOR.exec(text)) {
    const start = found.index + found[0].length;
    const byLength = endByLength(text, start);
    SEPARATOR.lastIndex = byLength ?? start - 1;
    const next = SEPARATOR.exec(text);
    const end = byLength ?? (next === null ? text.length : next.index + 1);
    messages.push(bytes.subarray(start, end));
    SEPARATOR.lastIndex = next === null ? text.length : next.index;
  }
  return messages;
}
