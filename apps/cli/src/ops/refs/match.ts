/** Finding a path in octets: in those of a whole file, or of a part of it. Pure; octets are never decoded and encoded again. */
import type { AbsolutePath } from './absolute-path.ts';
import type { Why } from './boundaries.ts';
import { type Content, contentOf, type Encoding, hasZero, textOf, unitOf, widthOf } from './encoding.ts';
import { type Find, finder, type Occurrence, type Style } from './find.ts';
import type { Spelling } from './spellings.ts';

interface Place {
  /** Octets from the beginning of the file, and of the path itself. */
  readonly at: number;
  readonly length: number;
  /** From 1; lines end with a line feed. */
  readonly line: number;
  readonly encoding: Encoding;
}

export interface Hit extends Place {
  readonly spelling: Spelling;
  readonly style: Style;
}

interface NearMiss extends Place {
  readonly why: Why;
}

export interface Found {
  /** Where it is `binary`, hits are to be told and not to be changed. */
  readonly content: Content;
  /** In the order of their places; they do not overlap. */
  readonly hits: readonly Hit[];
  readonly nearMisses: readonly NearMiss[];
}

/** Where a part of a file stands in it. */
interface Part {
  /** Octets of the file before it; even. */
  readonly offset: number;
  /** Line feeds before it. */
  readonly lines: number;
  /** Only what begins in these octets of it is told: what surrounds them is there to be looked at. */
  readonly from: number;
  readonly until: number;
}

/** Looks for one path. */
export interface Search {
  /** In a whole file. */
  inFile(octets: Buffer): Found;
  /** In a part of one that holds this. */
  inPart(octets: Buffer, content: Content, part: Part): Found;
}

const NOTHING: readonly [] = [];

export function searchFor(path: AbsolutePath): Search {
  const finds = { octet: finder(path, 'octet'), 'utf-16': finder(path, 'utf-16') };
  const anyUnit = unitsPattern(path);

  function inPart(octets: Buffer, content: Content, part: Part): Found {
    const text = textOf(octets, content === 'binary' ? 'octets' : content);
    if (content !== 'binary') return { content, ...collect(text, content, part, finds[unitOf(content)]) };
    const single = collect(text, 'octets', part, finds.octet);
    if (anyUnit?.test(text) === false) return { content, ...single };
    // In a binary UTF-16 may begin at any octet; big-endian ASCII is little-endian ASCII an octet later.
    const shifted = { ...part, offset: part.offset + 1, from: part.from - 1, until: part.until - 1 };
    const even = collect(textOf(octets, 'utf-16le'), 'utf-16le', part, finds['utf-16']);
    const odd = collect(textOf(octets.subarray(1), 'utf-16le'), 'utf-16le', shifted, finds['utf-16']);
    return {
      content,
      hits: [...single.hits, ...even.hits, ...odd.hits].sort(byPlace),
      nearMisses: [...single.nearMisses, ...even.nearMisses, ...odd.nearMisses].sort(byPlace),
    };
  }

  return {
    inPart,
    inFile: (octets) => {
      const content = contentOf(octets);
      const isBinary = content === 'octets' && hasZero(octets);
      return inPart(octets, isBinary ? 'binary' : content, { offset: 0, lines: 0, from: 0, until: octets.length });
    },
  };
}

const byPlace = (a: Place, b: Place): number => a.at - b.at;

/** The first name with a zero between its letters: where that is not, no UTF-16 has the path. */
function unitsPattern({ names: [first = ''] }: AbsolutePath): RegExp | undefined {
  return /^[\w]+$/.test(first) ? new RegExp([...first].join('\\x00'), 'i') : undefined;
}

function collect(text: string, encoding: Encoding, part: Part, find: Find): Pick<Found, 'hits' | 'nearMisses'> {
  const width = widthOf(encoding);
  let hits: Hit[] | undefined;
  let nearMisses: NearMiss[] | undefined;
  const lineOf = lineCounter(text, part.lines);
  for (const found of find(text)) {
    const start = found.start * width;
    if (start < part.from) continue;
    if (start >= part.until) break;
    const place = placeOf(found, start, width, part.offset, lineOf, encoding);
    if (found.kind === 'hit') {
      hits ??= [];
      hits.push({ ...place, spelling: found.spelling, style: found.style });
    } else {
      nearMisses ??= [];
      nearMisses.push({ ...place, why: found.why });
    }
  }
  return { hits: hits ?? NOTHING, nearMisses: nearMisses ?? NOTHING };
}

function placeOf(
  { start, end }: Occurrence,
  at: number,
  width: number,
  offset: number,
  lineOf: (at: number) => number,
  encoding: Encoding,
): Place {
  return { at: offset + at, length: (end - start) * width, line: lineOf(start), encoding };
}

/** Tells lines of places that only go on. */
function lineCounter(text: string, before: number): (at: number) => number {
  let [line, next] = [before + 1, text.indexOf('\n')];
  return (at) => {
    while (next !== -1 && next < at) {
      line += 1;
      next = text.indexOf('\n', next + 1);
    }
    return line;
  };
}
