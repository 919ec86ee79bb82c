import type { Io } from '../../src/io.ts';
import type { Screen } from '../../src/output/screen.ts';
import { run } from '../../src/program.ts';
import type { Ended } from './scorpiox.ts';

export interface HereOptions {
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** The terminal's page. */
  readonly screen?: Screen;
  /** What is typed at the prompts, in order; undefined is Ctrl-C. Without it there is no terminal. */
  readonly typed?: readonly (string | undefined)[];
  /** Gets what is written in place of what is returned. */
  readonly write?: (octets: Uint8Array) => Promise<void>;
  /** Aborted when nobody reads standard output any more. */
  readonly readerGone?: AbortSignal;
  /** As if standard output were a terminal. */
  readonly atTerminal?: true;
}

/** Runs the tool inside the test's own process: the same but for the process, and much faster. */
export async function scorpioxHere(args: readonly string[], options: HereOptions = {}): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  const typed = [...(options.typed ?? [])];
  const io: Io = {
    stdin: oneChunk(options.input ?? ''),
    stdinIsTerminal: options.typed !== undefined,
    stdoutIsTerminal: options.atTerminal === true,
    stderrIsTerminal: false,
    stderrColumns: () => 80,
    out: (text) => {
      stdout += text;
    },
    write:
      options.write ??
      (async (octets) => {
        stdout += Buffer.from(octets).toString('latin1');
      }),
    say: (text) => {
      stderr += text;
    },
    ask: async (question) => {
      stderr += `${question}\n`;
      return typed.shift();
    },
    askSecret: async () => typed.shift(),
    readerGone: options.readerGone ?? new AbortController().signal,
    openScreen: async () => options.screen,
    handOver: async () => 127,
    env: options.env ?? {},
    cwd: options.cwd ?? '/',
  };
  const code = await run(args, io);
  return { code, stdout, stderr };
}

async function* oneChunk(input: string | Uint8Array): AsyncGenerator<Uint8Array> {
  if (input.length > 0) yield typeof input === 'string' ? Buffer.from(input) : input;
}
