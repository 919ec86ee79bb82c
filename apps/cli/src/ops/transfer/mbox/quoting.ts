/**
 * Lines of a message that look like the beginning of the next one are quoted in an mbox. mboxrd quotes `>From ` as well, so
 * that it can be undone; mboxo does not, and what was `>From ` before is not known. Streams; pure.
 */
export type Quoting = 'mboxrd' | 'mboxo' | 'none';

const LF = 10;
const GT = 62;
const FROM = Buffer.from('From ');
/** Signs of quoting before a `From ` that are looked at: nobody quotes a mail so often, and memory stays bounded. */
const MOST_SIGNS = 1_000;

/** What may still become a quoted `From ` with the next chunk. */
function mayBeQuoted(line: Uint8Array): boolean {
  let at = 0;
  while (line[at] === GT) at += 1;
  return (
    at <= MOST_SIGNS && line.length - at < FROM.length && FROM.subarray(0, line.length - at).equals(line.subarray(at))
  );
}

/** The signs before a `From ` with which a line begins; undefined for other lines. */
function signsBefore(octets: Buffer, start: number): number | undefined {
  let at = start;
  while (octets[at] === GT) at += 1;
  const isFrom = octets.subarray(at, at + FROM.length).equals(FROM);
  return isFrom && at - start <= MOST_SIGNS ? at - start : undefined;
}

/** Lines that begin with `first`, by their offsets; `isAtStart`: the octets begin a line. */
function* lineStarts(octets: Buffer, isAtStart: boolean, first: readonly number[]): Generator<number> {
  if (isAtStart && first.includes(octets[0] ?? -1)) yield 0;
  for (let at = octets.indexOf(LF); at >= 0; at = octets.indexOf(LF, at + 1)) {
    if (first.includes(octets[at + 1] ?? -1)) yield at + 1;
  }
}

/** Runs `change` over chunks that end where no line is begun that could be a quoted `From `. */
async function* byLines(
  content: AsyncIterable<Uint8Array>,
  change: (octets: Buffer, isAtStart: boolean) => Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let held: Buffer = Buffer.alloc(0);
  let isAtStart = true;
  for await (const chunk of content) {
    const octets: Buffer =
      held.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length) : Buffer.concat([held, chunk]);
    const begun = octets.lastIndexOf(LF) + 1;
    const isHeld: boolean = (begun > 0 || isAtStart) && mayBeQuoted(octets.subarray(begun));
    const whole: Buffer = isHeld ? octets.subarray(0, begun) : octets;
    held = isHeld ? Buffer.from(octets.subarray(begun)) : Buffer.alloc(0);
    if (whole.length === 0) continue;
    yield* change(whole, isAtStart);
    isAtStart = whole[whole.length - 1] === LF;
  }
  if (held.length > 0) yield* change(held, isAtStart);
}

/** A body as it was before it was quoted. */
export function unquote(content: AsyncIterable<Uint8Array>, quoting: Quoting): AsyncIterable<Uint8Array> {
  if (quoting === 'none') return content;
  return byLines(content, function* (octets, isAtStart) {
    let from = 0;
    for (const start of lineStarts(octets, isAtStart, [GT])) {
      const signs = signsBefore(octets, start);
      if (signs === undefined || (quoting === 'mboxo' && signs !== 1)) continue;
      if (start > from) yield octets.subarray(from, start);
      from = start + 1;
    }
    if (from < octets.length) yield octets.subarray(from);
  });
}

const SIGN = Buffer.from('>');

/** A message as mboxrd has it. */
export function quote(content: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  return byLines(content, function* (octets, isAtStart) {
    let from = 0;
    for (const start of lineStarts(octets, isAtStart, [GT, FROM[0] ?? 0])) {
      if (signsBefore(octets, start) === undefined) continue;
      if (start > from) yield octets.subarray(from, start);
      yield SIGN;
      from = start;
    }
    if (from < octets.length) yield octets.subarray(from);
  });
}
