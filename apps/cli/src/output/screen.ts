/** A terminal as one page that is drawn anew again and again, and gives back what it showed before when it is closed. */
import type { ReadStream, WriteStream } from 'node:tty';

export interface Screen {
  readonly columns: number;
  readonly rows: number;
  /** Shows this in place of what was there; what does not fit is left out. Lines may hold styles. */
  draw(lines: readonly string[]): void;
  /** A key was pressed; Ctrl-C, which raises no signal here, is `\u0003`. */
  onKey(listener: (key: string) => void): void;
  onResize(listener: () => void): void;
  close(): void;
}

/** The alternate screen, no cursor, lines that are cut and not wrapped; and back (xterm's 1049, 25 and 7). */
const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l';
const LEAVE = '\u001b[?7h\u001b[?25h\u001b[?1049l';

export function openScreen(input: ReadStream, output: WriteStream): Screen {
  output.write(ENTER);
  input.setRawMode(true);
  input.setEncoding('utf8');
  input.resume();
  // Whatever ends the process, the terminal is to be usable again.
  const leave = () => void output.write(LEAVE);
  process.once('exit', leave);
  return {
    get columns() {
      return output.columns;
    },
    get rows() {
      return output.rows;
    },
    draw: (lines) => {
      const page = lines.slice(0, output.rows).map((line) => `${line}\u001b[K`);
      output.write(`\u001b[H${page.join('\r\n')}\u001b[J`);
    },
    onKey: (listener) => void input.on('data', (key) => listener(String(key))),
    onResize: (listener) => void output.on('resize', listener),
    close: () => {
      process.off('exit', leave);
      input.setRawMode(false);
      input.pause();
      leave();
    },
  };
}
