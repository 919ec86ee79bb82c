import { describe, expect, it } from 'vitest';
import { headerValues, matches } from '../../src/mime/index.ts';
import { crlf, octets, structureOf, textOf } from './support.ts';

const found = (field: string, needle: string): boolean =>
  matches(headerValues(octets(crlf(`Content-Disposition: ${field}\n\n`)), 'content-disposition'), needle);

describe('parameters in sections and charsets (RFC 2231)', () => {
  it.each([
    ["attachment; filename*=utf-8''%C3%BCber%20uns.pdf", 'ÜBER UNS.pdf'],
    ["attachment; filename*=ISO-8859-1'de'stra%DFe.txt", 'straße.txt'],
    ["attachment;\n filename*0*=utf-8''%C3;\n filename*1*=%BCb;\n filename*2=er.pdf", 'über.pdf'],
    ['attachment; filename*1=b.pdf; filename*0="a "', 'a b.pdf'],
    ['attachment; FileName*0=a; filename*1=b; filename*3=d', 'ab'],
    ["attachment; filename*=klingon''%FC", 'ü'],
    ["attachment; filename*=''%C3%BC", 'ü'],
    ["attachment; filename*=utf-8''%C3%BC", "utf-8''%c3"],
  ])('%j holds %j', (field, needle) => {
    expect(found(field, needle)).toBe(true);
  });

  it('what follows a gap is not there', () => {
    expect(found('attachment; filename*0=q; filename*2=z', 'qz')).toBe(false);
  });

  it('a boundary in sections divides', () => {
    const { root } = structureOf(
      crlf('Content-Type: multipart/mixed; boundary*0=ab; boundary*1*=%63\n\n--abc\n\nx\n--abc--\n'),
    );
    expect(root.content.kind === 'multipart' && root.content.parts.map(({ body }) => body.length)).toEqual([1]);
  });

  it('a charset in sections is used, and TEXT sees the name of a file', () => {
    const message = crlf(
      "Content-Type: text/plain; charset*0=koi8; charset*1=-r;\n name*=utf-8''na%C3%AFve.txt\nContent-Transfer-Encoding: base64\n\n7cHK\n",
    );
    expect(textOf(message, 'body')).toBe('Май\0');
    expect(textOf(message, 'text')).toContain('naïve.txt');
  });
});
