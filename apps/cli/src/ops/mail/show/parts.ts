/** The parts of a message by their section numbers (RFC 9051 §6.4.5), and which of them a person reads. Pure. */
import type { MessagePart, Part } from '@scorpiox/maildir/mime';
import { decodedParameter } from '@scorpiox/maildir/mime';

/** A part that holds no others. */
export interface NumberedPart {
  /** As IMAP numbers it: `1`, `2.1`. */
  readonly number: string;
  readonly part: Part;
}

/** All parts that hold no others, in the order of the message; those of a message inside come after its own number. */
export const numberedParts = ({ root }: MessagePart): readonly NumberedPart[] => partsOf(root, '');

function partsOf(part: Part, number: string): readonly NumberedPart[] {
  const below = (child: number): string => (number === '' ? String(child) : `${number}.${child}`);
  const { content } = part;
  switch (content.kind) {
    case 'multipart':
      return content.parts.flatMap((child, at) =>
        child.content.kind === 'multipart' ? partsOf(child, below(at + 1)) : leafOrMessage(child, below(at + 1)),
      );
    case 'message':
    case 'leaf':
      return leafOrMessage(part, below(1));
  }
}

function leafOrMessage(part: Part, number: string): readonly NumberedPart[] {
  if (part.content.kind !== 'message') return [{ number, part }];
  return [{ number, part }, ...partsOf(part.content.message.root, number)];
}

/** `text/plain`, in lower case. */
export const typeOf = ({ type, subtype }: Part): string => `${type}/${subtype}`.toLowerCase();

/** The name under which a part would be saved; undefined where it has none. */
export function fileNameOf({ disposition, parameters }: Part): string | undefined {
  return decodedParameter(disposition?.parameters ?? [], 'filename') ?? decodedParameter(parameters, 'name');
}

/** The parts that are read as the message's text: of alternatives one, plain text before HTML; no attachments. */
export function readableParts(message: MessagePart): readonly NumberedPart[] {
  const readable = new Set(readablePart(message.root));
  return numberedParts(message).filter(({ part }) => readable.has(part));
}

function readablePart(part: Part): readonly Part[] {
  const { content } = part;
  if (content.kind === 'message') return [];
  if (content.kind === 'leaf') return isText(part) ? [part] : [];
  const each = content.parts.map(readablePart).filter((parts) => parts.length > 0);
  if (part.subtype.toLowerCase() !== 'alternative') return each.flat();
  return each.find((parts) => parts.some((one) => typeOf(one) === 'text/plain')) ?? each.at(-1) ?? [];
}

const isText = (part: Part): boolean =>
  /^text\/(plain|html|enriched|markdown)$/.test(typeOf(part)) && part.disposition?.type.toLowerCase() !== 'attachment';
