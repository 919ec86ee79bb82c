/** A text as UTF-16. */
export function utf16(text: string, encoding: 'utf-16le' | 'utf-16be', hasMark: boolean): Buffer {
  const octets = Buffer.from(`${hasMark ? '\ufeff' : ''}${text}`, 'utf16le');
  return encoding === 'utf-16le' ? octets : octets.swap16();
}
