/**
 * An mbox file as a target: mboxrd, with flags in `Status`, `X-Status` and `X-Keywords` before each message's own header.
 *
 * While it is written it is called `NAME.mbox.partial`, and gets its name when all is in it: under that name it is whole. The
 * place of a message is how far the file reaches with it. What lies beyond the last place that is noted was begun when the
 * process died, or was not noted yet: it is cut off, and written again.
 */
import { existsSync } from 'node:fs';
import { type FileHandle, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Flag } from '@scorpiox/maildir';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { makeFolders } from '../../make-folders.ts';
import { syncDirectory } from '../../sync-directory.ts';
import { toLf } from '../line-ends.ts';
import { type Added, contentOf, type Landed, type Outgoing, type TargetFolder } from '../model.ts';
import { asctime } from './from-line.ts';
import { quote } from './quoting.ts';

const PARTIAL = '.partial';
const LF = 0x0a;
const CR = 0x0d;

/** What ends a message, by its last octet. After a CR an LF alone would be a line end together with it. */
const ENDS: ReadonlyMap<number, string> = new Map([
  [LF, '\n'],
  [CR, '\r\n\n'],
]);

/** What begins with one would be taken for the rest of the line before it. */
const isBlank = (octet: number | undefined): boolean => octet === 0x20 || octet === 0x09;

/** Opens or makes the file; the errors of the system are thrown. */
export async function openMboxTarget(file: string): Promise<MboxTarget> {
  await makeFolders(dirname(file));
  const isWhole = !existsSync(`${file}${PARTIAL}`) && existsSync(file);
  const isNew = !isWhole && !existsSync(`${file}${PARTIAL}`);
  if (isWhole) await rename(file, `${file}${PARTIAL}`);
  const handle = await open(`${file}${PARTIAL}`, isNew ? 'wx+' : 'r+', 0o600);
  return new MboxTarget(file, handle, isNew ? 'new' : isWhole ? 'whole' : 'partial');
}

export class MboxTarget implements TargetFolder {
  readonly identity = 'mbox';
  readonly hasUnclaimed = false;
  /** Whether there was none: what is noted of one is void then. */
  readonly isNew: boolean;
  readonly #file: string;
  readonly #handle: FileHandle;
  /** Whether it had its name before, and nothing was done to it yet. */
  #isWhole: boolean;
  #end = 0;

  constructor(file: string, handle: FileHandle, was: 'new' | 'whole' | 'partial') {
    this.#file = file;
    this.#handle = handle;
    this.isNew = was === 'new';
    this.#isWhole = was === 'whole';
  }

  async begin(known: Float64Array): Promise<Result<void, Failure>> {
    this.#end = known.at(-1) ?? 0;
    const { size } = await this.#handle.stat();
    const isOurs = this.#isWhole ? size === this.#end : size >= this.#end;
    if (!isOurs) {
      const why = this.#end === 0 ? 'is there already, and no export made it' : 'was changed by another program since';
      return err({ kind: 'refused', message: `${this.#file} ${why}. Move it away, or export to another folder.` });
    }
    this.#isWhole = false;
    await this.#handle.truncate(this.#end);
    return ok(undefined);
  }

  async find(): Promise<undefined> {
    return undefined;
  }

  async add(messages: readonly Outgoing[]): Promise<Added> {
    const landed: Landed[] = [];
    const before = this.#end;
    try {
      for (const message of messages) landed.push(await this.#addOne(message));
      await this.#handle.datasync();
      return { landed };
    } catch (error) {
      // None of them is noted, so none of them stays.
      this.#end = before;
      await this.#handle.truncate(before);
      throw error;
    }
  }

  async #addOne({ content, flags, internalDate }: Outgoing): Promise<Landed> {
    let at = this.#end;
    let last = LF;
    for await (const chunk of quote(toLf(contentOf(content)))) {
      if (at === this.#end) {
        if (isBlank(chunk[0])) return { kind: 'refused', reason: 'It begins with a blank, which no mbox can hold.' };
        at = await this.#write(at, beginning(flags, internalDate));
      }
      at = await this.#write(at, chunk);
      last = chunk[chunk.length - 1] ?? last;
    }
    this.#end = await this.#write(at, Buffer.from(ENDS.get(last) ?? '\n\n'));
    return { kind: 'landed', place: this.#end, flags };
  }

  async #write(at: number, octets: Uint8Array): Promise<number> {
    for (let done = 0; done < octets.length; ) {
      done += (await this.#handle.write(octets, done, octets.length - done, at + done)).bytesWritten;
    }
    return at + octets.length;
  }

  /** All is in it: it gets its name. */
  async end(): Promise<void> {
    await this.#handle.sync();
    await rename(`${this.#file}${PARTIAL}`, this.#file);
    await syncDirectory(Buffer.from(dirname(this.#file)));
  }

  async close(): Promise<void> {
    // What was whole and could not be gone on with keeps its name.
    if (this.#isWhole) await rename(`${this.#file}${PARTIAL}`, this.#file);
    await this.#handle.close();
  }
}

const LETTERS: readonly (readonly [flag: Flag, letter: string])[] = [
  ['\\Answered', 'A'],
  ['\\Deleted', 'D'],
  ['\\Flagged', 'F'],
  ['\\Draft', 'T'],
];

function beginning(flags: readonly Flag[], internalDate = 0): Buffer {
  const has = (flag: Flag): boolean => flags.includes(flag);
  const letters = LETTERS.filter(([flag]) => has(flag)).map(([, letter]) => letter);
  const keywords = flags.filter((flag) => !flag.startsWith('\\'));
  const lines = [
    `From MAILER-DAEMON ${asctime(internalDate)}`,
    `Status: ${has('\\Seen') ? 'R' : ''}O`,
    `X-Status: ${letters.join('')}`,
    `X-Keywords: ${keywords.join(' ')}`,
  ];
  return Buffer.from(`${lines.join('\n')}\n`);
}
