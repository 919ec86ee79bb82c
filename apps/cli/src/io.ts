import type { Screen } from './output/screen.ts';

/** What a program starts with that gets the terminal. */
export interface HandOverOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** This process's own where it is undefined. */
  readonly cwd?: string | undefined;
}

/** The terminal as the commands see it, so that they can run without one. */
export interface Io {
  /** Standard input as bytes; read once. */
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdinIsTerminal: boolean;
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  /** Width of the terminal on standard error, which may be changed at any time. */
  stderrColumns(): number;
  /** Data: what a script would read. */
  out(text: string): void;
  /** Data that is no text, or much of it; resolves when the next may come. */
  write(octets: Uint8Array): Promise<void>;
  /** Aborted when standard output takes nothing any more (`… | head -1`), which shows when something is written. */
  readonly readerGone: AbortSignal;
  /** Messages for people. */
  say(text: string): void;
  /** Asks on the terminal; undefined after Ctrl-C. */
  ask(question: string): Promise<string | undefined>;
  /** Asks on the terminal without showing what is typed; undefined after Ctrl-C. */
  askSecret(question: string): Promise<string | undefined>;
  /** The whole terminal, for a page that changes; undefined where there is none. */
  openScreen(): Promise<Screen | undefined>;
  /**
   * Gives the terminal to another program until it ends. Its exit code; 128 and the signal's number where one ended it.
   */
  handOver(argv: readonly string[], options: HandOverOptions): Promise<number>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/** The terminal of this process. */
export interface ProcessIo extends Io {
  /** What kept data from standard output: a full disk, for one. Not that nobody wanted to read on. */
  lost(): Error | undefined;
}

/** The process's own streams, environment and working directory. */
export function processIo(): ProcessIo {
  const { stdin, stdout, stderr } = process;
  const gone = new AbortController();
  let lost: Error | undefined;
  // A reader that goes away (`scorpiox … | head -1`) is no fault of ours.
  stdout.on('error', (error) => {
    if (!isClosedPipe(error)) lost ??= error;
    gone.abort();
  });
  // Who cannot be told goes without: what is under way is worth more than the message.
  stderr.on('error', () => undefined);
  return {
    stdin,
    stdinIsTerminal: stdin.isTTY === true,
    stdoutIsTerminal: stdout.isTTY === true,
    stderrIsTerminal: stderr.isTTY === true,
    stderrColumns: () => stderr.columns ?? 80,
    out: (text) => void stdout.write(text),
    write: (octets) => written(stdout, octets),
    readerGone: gone.signal,
    lost: () => lost,
    say: (text) => void stderr.write(text),
    ask: async (question) => {
      const { isCancel, text } = await import('@clack/prompts');
      const answer = await text({ message: question, output: stderr });
      return isCancel(answer) ? undefined : (answer ?? '');
    },
    askSecret: async (question) => {
      const { isCancel, password } = await import('@clack/prompts');
      const answer = await password({ message: question, output: stderr });
      return isCancel(answer) ? undefined : (answer ?? '');
    },
    openScreen: async () => {
      if (!stdin.isTTY || !stdout.isTTY || process.env.TERM === 'dumb') return undefined;
      const { openScreen } = await import('./output/screen.ts');
      return openScreen(stdin, stdout);
    },
    handOver: async (argv, options) => {
      const { handOver } = await import('./hand-over.ts');
      return handOver(argv, options);
    },
    env: process.env,
    cwd: process.cwd(),
  };
}

/** A reader that has gone away takes everything. */
function written(stream: NodeJS.WriteStream, octets: Uint8Array): Promise<void> {
  if (stream.destroyed || octets.length === 0) return Promise.resolve();
  return new Promise((resolve) => stream.write(octets, () => resolve()));
}

const isClosedPipe = (error: NodeJS.ErrnoException): boolean => error.code === 'EPIPE' || error.code === 'EIO';
