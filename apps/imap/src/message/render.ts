/** The wire text that FETCH sends of a message's structure: strings of one octet per character, ready to send. */
import type { MessageStructure, Parameter, Part } from '@scorpiox/maildir/mime';
import { envelopeWire } from './envelope.ts';
import { wireList, wireNstring, wireString } from './quote.ts';

export { envelopeWire };

/** Changes whenever the wire text of any message would: texts kept under another version are made anew. */
export const RENDER_VERSION = 3;

/** BODY: the structure without extension data (RFC 3501 §7.4.2). */
export const bodyWire = (structure: MessageStructure): string => bodyOf(structure.root, false);

/** BODYSTRUCTURE: with all of it. */
export const bodyStructureWire = (structure: MessageStructure): string => bodyOf(structure.root, true);

/** `body = "(" (body-type-1part / body-type-mpart) ")"` */
function bodyOf(part: Part, extended: boolean): string {
  const fields =
    part.content.kind === 'multipart' ? multipart(part, part.content.parts, extended) : single(part, extended);
  return `(${fields})`;
}

/** `body-type-mpart = 1*body SP media-subtype [SP body-ext-mpart]` */
function multipart(part: Part, parts: readonly Part[], extended: boolean): string {
  const bodies = parts.map((child) => bodyOf(child, extended)).join('');
  const fields = [bodies, wireString(part.subtype)];
  if (extended) fields.push(parametersWire(part.parameters), extension(part));
  return fields.join(' ');
}

/** `body-type-1part = (body-type-basic / body-type-msg / body-type-text) [SP body-ext-1part]` */
function single(part: Part, extended: boolean): string {
  const fields = [
    wireString(part.type),
    wireString(part.subtype),
    parametersWire(withCharset(part)),
    wireNstring(part.id),
    wireNstring(part.description),
    wireString(part.encoding),
    String(part.body.length),
  ];
  if (part.content.kind === 'message') {
    const { message } = part.content;
    fields.push(envelopeWire(message), bodyOf(message.root, extended), String(part.lines));
  } else if (isText(part)) {
    fields.push(String(part.lines));
  }
  if (extended) fields.push(wireNstring(part.md5), extension(part));
  return fields.join(' ');
}

/** `body-fld-dsp SP body-fld-lang SP body-fld-loc` */
function extension({ disposition, language, location }: Part): string {
  const dsp = disposition && `(${wireString(disposition.type)} ${parametersWire(disposition.parameters)})`;
  return [dsp ?? 'NIL', wireList(language.map(wireString)), wireNstring(location)].join(' ');
}

const isText = (part: Part): boolean => part.type.toLowerCase() === 'text';

/** Text is in US-ASCII unless it says otherwise (RFC 2046 §4.1.2). */
function withCharset(part: Part): readonly Parameter[] {
  const { parameters } = part;
  if (!isText(part) || parameters.some(({ name }) => name.toLowerCase() === 'charset')) return parameters;
  return [...parameters, { name: 'charset', value: 'us-ascii' }];
}

const parametersWire = (parameters: readonly Parameter[]): string =>
  wireList(parameters.flatMap(({ name, value }) => [wireString(name), wireString(value)]));
