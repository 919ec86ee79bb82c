/**
 * Parameter values put together from the sections that RFC 2231 splits them into: `name*0="a"; name*1*=%62`, and their
 * charset. What is out of order is sorted; what follows a gap is not there (§3).
 */
import { charsetDecoder, decodeUndeclared } from './charset.ts';
import { decodeHeaderValue } from './encoded-words.ts';
import { fromBinary } from './octets.ts';
import type { Parameter } from './structure.ts';

/** `name`, `name*`, `name*0` and `name*0*` (RFC 2231 §3, §4). */
const SECTION = /^([^*]+)(?:\*([0-9]{1,4}))?(\*)?$/;

interface Section {
  readonly index: number;
  /** Percent-encoded, and the first with charset and language. */
  readonly isExtended: boolean;
  readonly value: string;
}

interface Joined {
  /** One character per octet. */
  readonly octets: string;
  /** Undefined where none was declared. */
  readonly charset: string | undefined;
}

/** A parameter's value by its name in lower case, one character per octet; a plain one goes before one in sections. */
export function parameter(parameters: readonly Parameter[], name: string): string | undefined {
  const plain = parameters.find((one) => one.name.toLowerCase() === name);
  if (plain !== undefined) return plain.value;
  return joined(parameters.flatMap((one) => sectionOf(one, name) ?? []))?.octets;
}

/** A parameter's value as people read it: of RFC 2231's forms, or with the encoded words that many programs write instead. */
export function decodedParameter(parameters: readonly Parameter[], name: string): string | undefined {
  const value = joined(parameters.flatMap((one) => sectionOf(one, name) ?? []));
  if (value !== undefined) return textOf(value);
  const plain = parameters.find((one) => one.name.toLowerCase() === name);
  return plain === undefined ? undefined : decodeHeaderValue(plain.value);
}

/** The values, as people read them, of those parameters that RFC 2231 encodes or splits. */
export function extendedValues(parameters: readonly Parameter[]): readonly string[] {
  const names = new Set(parameters.flatMap((one) => (one.name.includes('*') ? baseName(one.name) : [])));
  return [...names].flatMap((name) => {
    const value = joined(parameters.flatMap((one) => sectionOf(one, name) ?? []));
    return value === undefined ? [] : textOf(value);
  });
}

function textOf({ octets, charset }: Joined): string {
  return charset === undefined
    ? decodeUndeclared(fromBinary(octets))
    : charsetDecoder(charset).decode(fromBinary(octets));
}

const baseName = (name: string): string => name.slice(0, name.indexOf('*')).toLowerCase();

function sectionOf({ name, value }: Parameter, wanted: string): Section | undefined {
  const [, base, index, star] = SECTION.exec(name) ?? [];
  if (base?.toLowerCase() !== wanted || (index === undefined && star === undefined)) return undefined;
  return { index: Number(index ?? 0), isExtended: star !== undefined, value };
}

function joined(sections: readonly Section[]): Joined | undefined {
  const sorted = sections.toSorted((a, b) => a.index - b.index);
  let octets = '';
  let charset: string | undefined;
  let next = 0;
  for (const { index, isExtended, value } of sorted) {
    if (index !== next) continue; // a gap, or the same section twice
    const [, label, content] = (index === 0 && isExtended ? /^([^']*)'[^']*'(.*)$/s.exec(value) : null) ?? [];
    if (label !== undefined && label !== '') charset = label;
    octets += isExtended ? unescaped(content ?? value) : value;
    next += 1;
  }
  return next === 0 ? undefined : { octets, charset };
}

const unescaped = (text: string): string =>
  text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
