/** One message, read: its header, the text that a person reads, and its parts. No more of it is held than limits allow. */
import { type OpenedFile, parseUid, shownOctets, storedOctets, structureOf } from '@scorpiox/maildir';
import {
  headerTexts,
  isTransferEncoding,
  type MessageStructure,
  partReader,
  transferDecoder,
} from '@scorpiox/maildir/mime';
import type { Config } from '@scorpiox/shared/config';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { HEADER_SHOWN_BYTES, TEXT_SHOWN_CHARS } from '../../limits.ts';
import { findMailbox, withReader } from '../read/reader.ts';
import { htmlText } from './html-text.ts';
import { fileNameOf, type NumberedPart, numberedParts, readableParts, typeOf } from './parts.ts';

/** Which message is meant. */
export interface MessageAt {
  readonly user: string;
  readonly mailbox: string;
  /** As it was typed. */
  readonly uid: string;
}

export interface ShownMessage {
  readonly user: string;
  readonly mailbox: string;
  readonly uid: number;
  /** INTERNALDATE, ISO 8601. */
  readonly date: string;
  /** Octets as they are stored. */
  readonly size: number;
  readonly flags: readonly string[];
  /** Every field of its header, decoded. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** What a person reads; HTML as plain text. */
  readonly text: string;
  /** Whether there was more than is shown. */
  readonly isCut: boolean;
  readonly parts: readonly ShownPart[];
}

interface ShownPart {
  readonly part: string;
  readonly type: string;
  readonly name: string | null;
  /** Octets, in their transfer encoding. */
  readonly size: number;
}

/** The message as people read it. */
export function showMessage(config: Config, at: MessageAt): Promise<Result<ShownMessage, Failure>> {
  return withMessage(config, at, async (found) => {
    const structure = await structureOf(found.file);
    const { start, length } = structure.root.header;
    const shownHeader = { start, length: Math.min(length, HEADER_SHOWN_BYTES) };
    const header = await joined(shownOctets(found.file, shownHeader));
    const { text, isCut } = await readableText(found.file, structure);
    return ok({
      ...{ user: found.user, mailbox: found.mailbox, uid: found.uid },
      ...{ date: new Date(found.file.internalDate).toISOString(), size: found.file.size, flags: [...found.flags] },
      headers: headerTexts(header).map(({ name, text: value }) => ({ name, value })),
      text,
      isCut: isCut || length > HEADER_SHOWN_BYTES,
      parts: numberedParts(structure).map(shownPart),
    });
  });
}

/** Writes the octets of the message as they are stored. */
export function writeRaw(
  config: Config,
  at: MessageAt,
  write: (octets: Uint8Array) => Promise<void>,
): Promise<Result<void, Failure>> {
  return withMessage(config, at, async ({ file }) => {
    for await (const chunk of storedOctets(file)) await write(chunk);
    return ok(undefined);
  });
}

/** Writes a part without its transfer encoding. */
export function writePart(
  config: Config,
  at: MessageAt & { readonly part: string },
  write: (octets: Uint8Array) => Promise<void>,
): Promise<Result<void, Failure>> {
  return withMessage(config, at, async ({ file }) => {
    const parts = numberedParts(await structureOf(file));
    const found = parts.find(({ number }) => number === at.part)?.part;
    if (found === undefined) {
      const message = `The message has no part ${JSON.stringify(at.part)}; it has ${parts.map(({ number }) => number).join(', ')}.`;
      return err({ kind: 'error', message });
    }
    // What a multipart or an unknown encoding holds is given as it stands.
    const decoder = transferDecoder(isTransferEncoding(found.encoding) ? found.encoding : 'binary');
    for await (const chunk of shownOctets(file, found.body)) await write(decoder.push(chunk));
    await write(decoder.end());
    return ok(undefined);
  });
}

interface FoundMessage {
  readonly user: string;
  readonly mailbox: string;
  readonly uid: number;
  readonly flags: ReadonlySet<string>;
  readonly file: OpenedFile;
}

function withMessage<T>(
  config: Config,
  { user: named, mailbox, uid: typed }: MessageAt,
  use: (found: FoundMessage) => Promise<Result<T, Failure>>,
): Promise<Result<T, Failure>> {
  return withReader(config, named, async (opened) => {
    const uid = /^\d{1,10}$/.test(typed) ? parseUid(Number(typed)) : undefined;
    if (uid === undefined)
      return err({ kind: 'usage', message: `${JSON.stringify(typed)} is no UID: a whole number.` });
    const found = findMailbox(opened, mailbox);
    if (!found.ok) return found;
    const { name, folder } = found.value;
    const message = await folder.message(uid);
    const file = message === undefined ? undefined : await folder.open(message);
    if (message === undefined || file === undefined) {
      return err({ kind: 'error', message: `${name} of ${opened.user} has no message with UID ${uid}.` });
    }
    try {
      return await use({ user: opened.user, mailbox: name, uid, flags: message.flags, file });
    } finally {
      await file.handle.close();
    }
  });
}

const shownPart = ({ number, part }: NumberedPart): ShownPart => ({
  part: number,
  type: typeOf(part),
  name: fileNameOf(part) ?? null,
  size: part.body.length,
});

/** The texts of the readable parts, one after the other, up to the limit. */
async function readableText(
  file: OpenedFile,
  structure: MessageStructure,
): Promise<{ readonly text: string; readonly isCut: boolean }> {
  const texts: string[] = [];
  let left = TEXT_SHOWN_CHARS;
  for (const { part } of readableParts(structure)) {
    const reader = partReader(part);
    let text = '';
    for await (const chunk of shownOctets(file, part.body)) {
      text += reader.push(chunk);
      if (text.length > left) break;
    }
    if (text.length <= left) text += reader.end();
    const isCut = text.length > left;
    const kept = text.slice(0, left);
    texts.push(typeOf(part) === 'text/html' ? htmlText(kept) : kept.replaceAll('\r\n', '\n').trimEnd());
    left -= kept.length;
    if (isCut) return { text: texts.join('\n\n'), isCut };
  }
  return { text: texts.join('\n\n'), isCut: false };
}

async function joined(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

/** The first field of that name; empty where there is none. */
export const fieldOf = (headers: ShownMessage['headers'], name: string): string =>
  headers.find((field) => field.name.toLowerCase() === name)?.value ?? '';
