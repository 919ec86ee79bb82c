import { fieldOf, type ShownMessage } from '../../ops/mail/show/show.ts';
import { visible } from '../../output/visible.ts';

const MAIN_FIELDS = ['From', 'To', 'Cc', 'Date', 'Subject'];

/** A message as it is read on a terminal or in a pipe: nothing in it can drive a terminal. */
export function messageText(message: ShownMessage, withAllHeaders: boolean): string {
  if (withAllHeaders) return message.headers.map(({ name, value }) => `${line(name, value)}\n`).join('');
  const { text, isCut, flags, parts } = message;
  const fields = MAIN_FIELDS.map((name) => [name, fieldOf(message.headers, name.toLowerCase())] as const);
  const head = fields.filter(([, value]) => value !== '').map(([name, value]) => labelled(name, value));
  const place = `${message.mailbox}, UID ${message.uid}, ${message.date}, ${message.size.toLocaleString('en')} bytes`;
  head.push(labelled('In', [place, ...flags].join(', ')));
  // A message that is one text needs no list of its parts.
  if (parts.length > 1 || text === '') for (const part of parts) head.push(labelled('Part', partText(part)));
  const cut = isCut ? '\n[There is more: --raw shows all.]\n' : '';
  return `${head.join('')}\n${visible(text)}\n${cut}`;
}

const labelled = (name: string, value: string): string => `${`${name}:`.padEnd(9)}${oneLine(value)}\n`;

const line = (name: string, value: string): string => `${oneLine(name)}: ${oneLine(value)}`;

/** A decoded field may hold line ends and NULs of its own: between values that were put together, and in encoded words. */
const oneLine = (text: string): string => visible(text.replaceAll('\0', ' ').replace(/[\r\n\t]+/g, ' '));

const partText = ({ part, type, name, size }: ShownMessage['parts'][number]): string =>
  [`${part} ${type}`, ...(name === null ? [] : [JSON.stringify(name)]), `${size.toLocaleString('en')} bytes`].join(
    ', ',
  );
