/**
 * The text of a message as DATA brings it (RFC 5321 §4.5.2): takes the stuffed dots away and finds the end.
 *
 * Only CRLF makes a line here, so only CRLF "." CRLF ends the message and only a dot after CRLF was stuffed. What takes
 * `\n.\n` or `\r.\r` for an end lets a sender smuggle a second message, with an envelope of his choosing, past the mail
 * server in front (CVE-2023-51764 and others). Everything else, NUL and lone CR and LF included, is the message's
 * content and is handed on as it came: to change it would break signatures, to refuse it would lose mail.
 */
const CR = 0x0d;
const LF = 0x0a;
const DOT = 0x2e;
const HELD_CR = Uint8Array.of(CR);

/** Where in a line the next octet stands; `dot-return` has seen a dot and a CR, neither handed on yet. */
type Place = 'start' | 'inside' | 'return' | 'dot' | 'dot-return';

export class DataDecoder {
  #place: Place = 'start';
  #ended = false;

  /** Whether the end has been seen. */
  get ended(): boolean {
    return this.#ended;
  }

  /**
   * Decodes a chunk, as far as the message goes. Returns how many of its octets were the message's; the pieces that `emit`
   * gets are views into the chunk.
   */
  decode(chunk: Uint8Array, emit: (piece: Uint8Array) => void): number {
    let from = 0; // what is decoded and not handed on yet begins here
    const handOn = (to: number) => {
      if (to > from) emit(chunk.subarray(from, to));
    };
    for (let at = 0; at < chunk.length; at += 1) {
      if (this.#place === 'inside') {
        const next = chunk.indexOf(CR, at);
        if (next === -1) break;
        at = next;
      }
      const before = this.#place;
      this.#place = follow(before, chunk[at]);
      if (before === 'start' && this.#place === 'dot') {
        handOn(at);
        from = at + 1;
      } else if (this.#place === 'dot-return') {
        from = at + 1;
      } else if (before === 'dot-return') {
        if (chunk[at] === LF) return this.#end(at + 1);
        emit(HELD_CR);
        from = at;
      }
    }
    handOn(chunk.length);
    return chunk.length;
  }

  #end(consumed: number): number {
    this.#ended = true;
    return consumed;
  }
}

function follow(place: Place, octet: number | undefined): Place {
  if (place === 'start' && octet === DOT) return 'dot';
  if (octet === CR) return place === 'dot' ? 'dot-return' : 'return';
  return octet === LF && place === 'return' ? 'start' : 'inside';
}
