/** What a FETCH response calls the item that was asked for (RFC 3501 §7.4.2, RFC 9051 §7.5.2). */
import type { FetchItem } from './command.ts';
import { wireAstring } from './output.ts';

/** `BODY[1.HEADER.FIELDS (From To)]<0>`, `BINARY[1.2]<0>`, `BINARY.SIZE[1]`; other items are called what they are. */
export function fetchLabel(item: FetchItem): string {
  switch (item.item) {
    case 'BODY[]': {
      const { part, text, fields } = item.section;
      const path = [...part, ...(text === '' ? [] : [text])].join('.');
      const list = fields.length === 0 ? '' : ` (${fields.map((field) => wireAstring(field)).join(' ')})`;
      return `BODY[${path}${list}]${origin(item.partial)}`;
    }
    case 'BINARY[]':
      return `BINARY[${item.part.join('.')}]${origin(item.partial)}`;
    case 'BINARY.SIZE[]':
      return `BINARY.SIZE[${item.part.join('.')}]`;
    default:
      return item.item;
  }
}

const origin = (partial: { readonly start: number } | undefined): string =>
  partial === undefined ? '' : `<${partial.start}>`;
