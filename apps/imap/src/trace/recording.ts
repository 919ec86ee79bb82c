/**
 * A trace on its way to its file. The file is the operator's alone (0600) and has a largest size and a latest end. A disk
 * that does not keep up costs lines, never memory and never a session's time; how many, stands in the file and in the
 * report.
 */
import type { WriteStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { TraceEnd, TraceReport, TraceSubject } from '../admin/operator.ts';
import { TRACE } from '../limits.ts';

export interface RecordingOptions {
  readonly id: string;
  readonly subject: TraceSubject;
  /** Where the file is that `file` was opened for writing at. */
  readonly path: string;
  readonly file: FileHandle;
  readonly minutes: number;
  /** Octets of the file, about. */
  readonly octets: number;
  readonly ended: (recording: Recording) => void;
}

const MS_PER_MINUTE = 60_000;
/** The last words of a file fit in even where it is full. */
const LAST_WORDS = 512;

export class Recording {
  readonly #options: RecordingOptions;
  readonly #stream: WriteStream;
  readonly #started = Date.now();
  readonly #timer: NodeJS.Timeout;
  readonly #closed: Promise<void>;
  #end: TraceEnd | undefined;
  #octets = 0;
  #lines = 0;
  #dropped = 0;
  #unsaid = 0;

  constructor(options: RecordingOptions) {
    this.#options = options;
    this.#stream = options.file.createWriteStream({ highWaterMark: TRACE.waiting });
    this.#closed = new Promise((resolve) => {
      this.#stream.once('close', resolve);
    });
    this.#stream.on('error', () => this.end('error'));
    this.#timer = setTimeout(() => this.end('time'), options.minutes * MS_PER_MINUTE).unref();
    this.line('-', `trace ${options.id} of ${JSON.stringify(options.subject)}, process ${process.pid}`);
  }

  get subject(): TraceSubject {
    return this.#options.subject;
  }

  get id(): string {
    return this.#options.id;
  }

  /** @param who a session's id, or what else the line is about. */
  line(who: string, text: string): void {
    if (this.#end !== undefined) return;
    if (this.#stream.writableLength > TRACE.waiting) {
      this.#dropped += 1;
      this.#unsaid += 1;
      return;
    }
    if (this.#unsaid > 0) this.#write('-', `${this.#unsaid} lines were dropped here: the disk did not keep up`);
    this.#unsaid = 0;
    this.#write(who, text);
    if (this.#octets > this.#options.octets - LAST_WORDS) this.end('size');
  }

  /** Resolves when the file is closed. */
  end(why: TraceEnd): Promise<void> {
    if (this.#end === undefined) {
      if (this.#unsaid > 0) this.#write('-', `${this.#unsaid} lines were dropped here: the disk did not keep up`);
      this.#write('-', `ended: ${why}`);
      this.#end = why;
      clearTimeout(this.#timer);
      if (why === 'error') this.#stream.destroy();
      else this.#stream.end();
      this.#options.ended(this);
    }
    return this.#closed;
  }

  report(): TraceReport {
    const { id, subject, path, minutes } = this.#options;
    return {
      id,
      subject,
      startedAt: new Date(this.#started).toISOString(),
      endsAt: new Date(this.#started + minutes * MS_PER_MINUTE).toISOString(),
      ended: this.#end ?? null,
      files: [{ path, octets: this.#octets, lines: this.#lines, dropped: this.#dropped }],
    };
  }

  #write(who: string, text: string): void {
    const shown = text.length <= TRACE.line ? text : `${text.slice(0, TRACE.line)}… [${text.length - TRACE.line} more]`;
    const line = `${moment()} ${who} ${printable(shown)}\n`;
    this.#octets += Buffer.byteLength(line);
    this.#lines += 1;
    this.#stream.write(line);
  }
}

/** ISO 8601 with microseconds, so that the files of several processes can be sorted into one. */
function moment(): string {
  const now = performance.timeOrigin + performance.now();
  const micros = Math.floor((now % 1) * 1000);
  return `${new Date(now).toISOString().slice(0, -1)}${String(micros).padStart(3, '0')}Z`;
}

/** A line stays a line, and a terminal shows what it is. */
const printable = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => `\\x${(character.codePointAt(0) ?? 0).toString(16)}`);
