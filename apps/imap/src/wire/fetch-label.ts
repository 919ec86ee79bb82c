/** What a FETCH response calls the item that was asked for (RFC 3501 §7.4.2). */
import type { FetchItem } from './command.ts';
import { wireAstring } from './output.ts';

/** `BODY[1.HEADER.FIELDS (From To)]<0>` for that request; other items are called what they are. */
export function fetchLabel(item: FetchItem): string {
  if (item.item !== 'BODY[]') return item.item;
  const { part, text, fields } = item.section;
  const path = [...part, ...(text === '' ? [] : [text])].join('.');
  const list = fields.length === 0 ? '' : ` (${fields.map(wireAstring).join(' ')})`;
  return `BODY[${path}${list}]${item.partial === undefined ? '' : `<${item.partial.start}>`}`;
}
