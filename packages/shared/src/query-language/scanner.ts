import type { QueryError } from './query.ts';

/** Thrown inside the parser only: `parseQuery` gives it as its error. */
export class QueryFault extends Error {
  readonly column: number;

  /** @param at offset in the text, from 0. */
  constructor(at: number, message: string) {
    super(message);
    this.column = at + 1;
  }

  get error(): QueryError {
    return { code: 'bad-query', column: this.column, message: this.message };
  }
}

/** A run of characters up to a blank or a parenthesis; quoted parts keep theirs. */
export interface Word {
  /** Offset of its beginning. */
  readonly at: number;
  /** Texts between bare asterisks. */
  readonly segments: readonly string[];
  /** The text as it was written where nothing of it is quoted. */
  readonly bare: string | undefined;
}

const ENDS_WORD = /[\s()]/;

/** Reads a query's text from left to right. */
export class Scanner {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    // A half of a surrogate pair is in no text that is stored: what stands for it is of the same length.
    this.text = text.toWellFormed();
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }

  get next(): string {
    return this.text[this.at] ?? '';
  }

  skipBlanks(): void {
    while (/\s/.test(this.next)) this.at += 1;
  }

  /** Takes `expected` where it stands next. */
  take(expected: string): boolean {
    if (!this.text.startsWith(expected, this.at)) return false;
    this.at += expected.length;
    return true;
  }

  /** Takes a keyword where it stands next as a word of its own. */
  takeKeyword(keyword: string): boolean {
    const after = this.text[this.at + keyword.length] ?? ' ';
    return ENDS_WORD.test(after) && this.take(keyword);
  }

  /** What stands next if it matches; `pattern` is sticky. */
  takeMatch(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match === null) return undefined;
    this.at += match[0].length;
    return match;
  }

  /** A word, which may be empty. */
  readWord(): Word {
    const at = this.at;
    const segments = [''];
    let quoted = false;
    while (!this.done && !ENDS_WORD.test(this.next)) {
      if (this.next === '"') {
        quoted = true;
        segments.push(segments.pop() + this.readQuoted());
      } else if (this.take('*')) {
        segments.push('');
      } else {
        segments.push(segments.pop() + this.next);
        this.at += 1;
      }
    }
    return { at, segments, bare: quoted ? undefined : this.text.slice(at, this.at) };
  }

  /** A text in quotes, in which `\"` and `\\` stand for a quote and a backslash. */
  readQuoted(): string {
    const start = this.at;
    this.at += 1;
    let read = '';
    while (!this.done) {
      if (this.take('"')) return read;
      if (this.next === '\\' && /["\\]/.test(this.text[this.at + 1] ?? '')) this.at += 1;
      read += this.next;
      this.at += 1;
    }
    throw new QueryFault(start, 'A quote is opened here and not closed.');
  }
}
