/**
 * The files of protocol traces, one of each process of the server, read as one in the order of time: each file is in order by
 * itself, and its lines begin with the moment (docs/operating-imap.md). What is held is a line and a chunk of each.
 */
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { type Failure, kindOfSystemError, systemErrorCode } from '../failure.ts';
import { ID_PREFIX_LEAST, TRACE_CHUNK_BYTES } from '../limits.ts';

const FILE = /^([0-9a-f-]{36})\.\d+\.trace$/;
const LF = 0x0a;

/** The id of the trace that begins so, of those whose files are there; the newest where none is named. */
export async function findTraceFiles(folder: string, given: string | undefined): Promise<Result<string, Failure>> {
  const times = await timesOf(folder);
  if (!times.ok) return times;
  const newest = [...times.value].sort(([, a], [, b]) => b - a).map(([id]) => id);
  const isMeant = (id: string) => given === undefined || id.startsWith(given.toLowerCase());
  const found = given !== undefined && given.length < ID_PREFIX_LEAST ? [] : newest.filter(isMeant);
  const [one, another] = found;
  if (one === undefined) return err(noTrace(folder, given));
  if (given === undefined || another === undefined) return ok(one);
  return err({ kind: 'usage', message: `Several traces begin with ${given}: ${found.join(', ')}. Give more of it.` });
}

function noTrace(folder: string, given: string | undefined): Failure {
  if (given === undefined) {
    return { kind: 'error', message: `There are no traces in ${folder}. \`scorpiox imap trace start\` makes one.` };
  }
  const message = `There is no trace ${JSON.stringify(given)} in ${folder}; ${ID_PREFIX_LEAST} characters of an id are enough.`;
  return { kind: 'error', message };
}

/** When each trace was last written to. */
async function timesOf(folder: string): Promise<Result<ReadonlyMap<string, number>, Failure>> {
  const times = new Map<string, number>();
  try {
    for (const name of await readdir(folder)) {
      const id = FILE.exec(name)?.[1];
      const found = id === undefined ? undefined : await stat(join(folder, name));
      if (id !== undefined && found !== undefined) times.set(id, Math.max(times.get(id) ?? 0, found.mtimeMs));
    }
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT') return ok(times);
    return err({ kind: kindOfSystemError(code), message: `${folder} cannot be read: ${code ?? String(error)}.` });
  }
  return ok(times);
}

/** The lines of one trace, from where the last look ended. */
export class TraceReader {
  readonly #folder: string;
  readonly #id: string;
  /** Octets that were read of each file. */
  readonly #read = new Map<string, number>();

  constructor(folder: string, id: string) {
    this.#folder = folder;
    this.#id = id;
  }

  /** The whole lines that are there now, without their ends. */
  async *lines(): AsyncGenerator<string> {
    const names = (await readdir(this.#folder)).filter((name) => FILE.exec(name)?.[1] === this.#id);
    yield* merged(names.map((name) => this.#linesOf(name)));
  }

  async *#linesOf(name: string): AsyncGenerator<string> {
    const file = await open(join(this.#folder, name), 'r');
    try {
      let held = Buffer.alloc(0);
      for (let at = this.#read.get(name) ?? 0; ; ) {
        const { bytesRead, buffer } = await file.read(Buffer.alloc(TRACE_CHUNK_BYTES), 0, TRACE_CHUNK_BYTES, at);
        if (bytesRead === 0) return;
        at += bytesRead;
        held = Buffer.concat([held, buffer.subarray(0, bytesRead)]);
        for (let end = held.indexOf(LF); end !== -1; end = held.indexOf(LF)) {
          const line = held.subarray(0, end).toString('utf8');
          held = held.subarray(end + 1);
          this.#read.set(name, at - held.length);
          yield line;
        }
      }
    } finally {
      await file.close();
    }
  }
}

/** Lines of several files as one, in the order of their moments. */
async function* merged(files: readonly AsyncGenerator<string>[]): AsyncGenerator<string> {
  const heads: { line: string; readonly rest: AsyncGenerator<string> }[] = [];
  try {
    for (const rest of files) {
      const first = await rest.next();
      if (first.done !== true) heads.push({ line: first.value, rest });
    }
    while (heads.length > 0) {
      const least = heads.reduce((best, head) => (momentOf(head.line) < momentOf(best.line) ? head : best));
      yield least.line;
      const next = await least.rest.next();
      if (next.done === true) heads.splice(heads.indexOf(least), 1);
      else least.line = next.value;
    }
  } finally {
    for (const rest of files) await rest.return(undefined); // whoever reads no further leaves files open
  }
}

/** ISO 8601 with microseconds: as text in the order of time. */
const momentOf = (line: string): string => line.slice(0, 27);
