import { OUTPUT_LINE_MAX } from '../limits.ts';

/** Cuts a stream of text into whole lines, so that the output of several programs can be mixed line by line. */
export class Lines {
  readonly #print: (line: string) => void;
  #rest = '';

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  push(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#print(line.replace(/\r$/, ''));
    if (this.#rest.length > OUTPUT_LINE_MAX) this.end();
  }

  /** Prints what stands without a line end. */
  end(): void {
    if (this.#rest !== '') this.#print(this.#rest);
    this.#rest = '';
  }
}
