/**
 * The lexical tokens that structured header fields share (RFC 5322 §3.2, RFC 2045 §5.1), read tolerantly: what does not
 * end, ends with the text. Every method moves forward or stays, so reading is linear in the text.
 */

const WHITE = ' \t\r\n';

/** A place in a field's text, moved by what is read. */
export class Scanner {
  readonly text: string;
  at = 0;
  /** The last comment passed; whoever wants to know whether one comes clears it first. */
  comment: string | undefined;

  constructor(text: string) {
    this.text = text;
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }

  peek(): string {
    return this.text.charAt(this.at);
  }

  accept(char: string): boolean {
    if (this.peek() !== char) return false;
    this.at += 1;
    return true;
  }

  /** Passes blanks and comments. */
  skipBlanks(): void {
    for (;;) {
      while (!this.done && WHITE.includes(this.peek())) this.at += 1;
      if (this.peek() !== '(') return;
      this.comment = this.#readComment();
    }
  }

  /** `comment = "(" *([FWS] ccontent) [FWS] ")"`, nested ones included, counted rather than recursed into. */
  #readComment(): string {
    let depth = 0;
    let content = '';
    let run = this.at + 1;
    for (; !this.done; this.at++) {
      const char = this.peek();
      if (char === '\\') {
        content += this.text.slice(run, this.at);
        this.at += 1;
        run = this.at;
      } else if (char === '(') {
        depth += 1;
      } else if (char === ')') {
        depth -= 1;
        if (depth === 0) break;
      }
    }
    content += this.text.slice(run, this.at);
    this.at = Math.min(this.at + 1, this.text.length);
    return content;
  }

  /** A quoted string's content, without escapes; the scanner stands on its opening quote. */
  quoted(): string {
    let content = '';
    this.at += 1;
    let run = this.at;
    for (; !this.done && this.peek() !== '"'; this.at++) {
      if (this.peek() !== '\\') continue;
      content += this.text.slice(run, this.at);
      this.at += 1;
      run = this.at;
    }
    content += this.text.slice(run, this.at);
    this.at = Math.min(this.at + 1, this.text.length);
    return content;
  }

  /** The longest run of characters that are not in `stops`; may be empty. */
  until(stops: string): string {
    const start = this.at;
    while (!this.done && !stops.includes(this.peek())) this.at += 1;
    return this.text.slice(start, this.at);
  }
}

/** Text for people: runs of blanks as one, none at the ends. */
export const collapseBlanks = (text: string): string => text.replace(/[ \t\r\n]+/g, ' ').replace(/^ | $/g, '');
