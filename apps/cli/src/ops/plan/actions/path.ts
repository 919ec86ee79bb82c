/** Paths as texts that can be written down: names of files are bytes, and need not be UTF-8. */

/** A path as text: `\xNN` for bytes of control characters and for those that are no UTF-8, `\\` for a backslash. */
export function pathText(path: Uint8Array): string {
  const text = Buffer.from(path).toString();
  if (!Buffer.from(text).equals(path)) return [...path].map(byteText).join('');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\u0000-\u001f\u007f-\u009f\\]/g, (char) => [...Buffer.from(char)].map(byteText).join(''));
}

function byteText(byte: number): string {
  if (byte === 0x5c) return '\\\\';
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
}

/** The path of such a text. */
export function pathOf(text: string): Buffer {
  const parts = text.split(/(\\\\|\\x[0-9a-f]{2})/).map((part) => {
    if (part === '\\\\') return Buffer.from('\\');
    return /^\\x[0-9a-f]{2}$/.test(part) ? Buffer.of(Number.parseInt(part.slice(2), 16)) : Buffer.from(part);
  });
  return Buffer.concat(parts);
}
