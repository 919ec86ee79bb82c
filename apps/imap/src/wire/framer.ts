/**
 * From the octets of a connection to commands.
 *
 * The hazards. A chunk may hold half a command or twenty. A literal's octets look like anything, commands included, and
 * must never be read as commands. A command can announce several literals. A client waits for `+` after `{n}` and does
 * not after `{n+}` (RFC 7888). APPEND's message can be 100 MB and must not be held. And whatever is refused, the stream has
 * to stay in step: the octets that the client will send anyway are skipped, those that it will not send are not.
 *
 * The rules. The framer pulls nothing and calls nobody: `push` stores, `next` hands out one frame. What was pushed waits
 * until `next` gets to it, so a session takes one command at a time from a pipeline and changes modes in between. The
 * frames do not depend on how the octets were cut.
 *
 *     line ──(text ends)──────────────► 'command' ─► line
 *       ├──({n+})──────────────────────► literal ──► line of the same command
 *       ├──({n}) ── 'literal-wanted' ──► decision ── accept ─► literal
 *       │                                   └─────── refuse ─► line (nothing comes)
 *       ├──(APPEND's message) 'append' ► decision ── accept ─► message ── 'append-data' … ─► message-end ─ 'append-end'
 *       │                                   └─────── refuse ─► skip-literal when {n+}, else line
 *       └──(over a limit) 'rejected' ──► skip-line, or skip-literal when {n+}
 *     skip-literal ──(n octets gone)───► skip-line ──(line ends: {n+} again ► skip-literal; else ► line)
 *
 * A synchronizing literal that was refused has nothing to skip: the client reads the tagged answer in place of `+` and goes
 * on with its next command (RFC 3501 §7.5). If octets wait already at that moment the client did not wait for `+`, and they
 * are the literal. A skipped line that ends in `{n}` ends the command as well: its answer is sent, no `+` will come.
 *
 * Memory. Text and literals outside APPEND's message move to the command's draft, bounded by `FramerLimits`; the message is
 * handed out in views of the pushed chunks. When `next` has returned undefined and no decision is asked for, `buffered` is
 * below `limits.line`, so a connection that pauses its socket above that never waits for itself.
 */
import { ANNOUNCEMENT_WIDTH, type Announcement, readAnnouncement } from './announcement.ts';
import { isAppend, readAppend } from './append.ts';
import { ByteQueue } from './byte-queue.ts';
import type { ParseFailure } from './command.ts';
import { Draft } from './draft.ts';
import type { AppendHead, Frame } from './frame.ts';
import { type FramerLimits, TAG_LENGTH } from './limits.ts';
import { bareLineFeed, blankLine, eagerLiteral } from './quirks.ts';
import { readTag } from './tag.ts';

type State =
  | { readonly at: 'line' | 'skip-raw-line' }
  | {
      readonly at: 'decision';
      readonly literal: Announcement;
      readonly tag: string | undefined;
      readonly message: boolean;
    }
  | { readonly at: 'literal' | 'skip-literal'; readonly left: number }
  | { readonly at: 'message'; readonly left: number; readonly tag: string | undefined }
  | { readonly at: 'message-end'; readonly tag: string | undefined }
  | { readonly at: 'skip-line'; readonly tail: Uint8Array };

const LINE: State = { at: 'line' };
const SKIP_LINE: State = { at: 'skip-line', tail: new Uint8Array(0) };

/** What a step came to: a frame, nothing yet but go on, or more octets are needed. */
type Step = Frame | 'again' | 'wait';

export class Framer {
  readonly #queue = new ByteQueue();
  #state: State = LINE;
  #draft = new Draft();
  #limits: FramerLimits;
  #nextLimits: FramerLimits;

  constructor(limits: FramerLimits) {
    this.#limits = limits;
    this.#nextLimits = limits;
  }

  /** Octets pushed and neither handed out, skipped nor moved to the command being gathered. */
  get buffered(): number {
    return this.#queue.length;
  }

  /** Other bounds from the next command on (sign-in). */
  setLimits(limits: FramerLimits): void {
    this.#nextLimits = limits;
  }

  /** Takes octets as they come off the connection; the chunk must not be changed afterwards. */
  push(chunk: Uint8Array): void {
    this.#queue.push(chunk);
  }

  /**
   * The next frame, or undefined until more is pushed or a decision is made. `line` asks for one raw line (AUTHENTICATE's
   * responses, IDLE's DONE) where a command could begin; a blank line counts there.
   */
  next(mode: 'command' | 'line' = 'command'): Frame | undefined {
    for (;;) {
      const step = this.#step(mode);
      if (step === 'wait') return undefined;
      if (step !== 'again') return step;
    }
  }

  /** After `literal-wanted` or `append`: the literal's octets are wanted. */
  accept(): void {
    const state = this.#state;
    if (state.at !== 'decision') throw new Error('accept: no literal waits for a decision');
    const left = state.literal.length;
    this.#state = state.message ? { at: 'message', left, tag: state.tag } : { at: 'literal', left };
  }

  /** After `literal-wanted`, `append` or `append-data`: the command is dropped, and what of it still comes is skipped. */
  refuse(): void {
    const state = this.#state;
    if (state.at === 'decision') this.#drop(state.literal);
    else if (state.at === 'message') this.#state = { at: 'skip-literal', left: state.left };
    else if (state.at === 'message-end') this.#state = SKIP_LINE;
    else throw new Error('refuse: no literal waits for a decision');
  }

  #step(mode: 'command' | 'line'): Step {
    const state = this.#state;
    switch (state.at) {
      case 'line':
        return this.#draft.isEmpty && mode === 'line' ? this.#rawLine() : this.#line();
      case 'literal':
        return this.#literal(state.left);
      case 'message':
        return this.#message(state.left, state.tag);
      case 'message-end':
        return this.#messageEnd(state.tag);
      case 'skip-literal':
        return this.#skipLiteral(state.left);
      case 'skip-line':
        return this.#skipLine(state.tail);
      case 'skip-raw-line':
        return this.#skipLine(undefined);
      case 'decision':
        return 'wait';
    }
  }

  #line(): Step {
    if (this.#draft.isEmpty) this.#limits = this.#nextLimits;
    const line = this.#takeLine(this.#limits.line - this.#draft.textOctets);
    if (line === 'wait') return 'wait';
    if (line === 'too-long') return this.#rejectLine();
    const text = bareLineFeed(line);
    if (this.#draft.isEmpty && blankLine(text)) return 'again';
    const literal = readAnnouncement(text);
    if (literal !== undefined) return this.#announced(line, text, literal);
    const raw = this.#draft.finish(text);
    this.#draft = new Draft();
    return { kind: 'command', raw };
  }

  /** A line with its end, if it is there and at most `budget` octets long. */
  #takeLine(budget: number): Uint8Array | 'wait' | 'too-long' {
    const lf = this.#queue.indexOfLf();
    if (lf === -1) return this.#queue.length >= budget ? 'too-long' : 'wait';
    return lf + 1 > budget ? 'too-long' : this.#queue.take(lf + 1);
  }

  #rejectLine(): Frame {
    const tag = this.#draft.isEmpty ? readTag(this.#queue.peek(TAG_LENGTH + 1)) : this.#draft.tag;
    this.#draft = new Draft();
    this.#state = SKIP_LINE;
    return rejected(tooLong(tag, 'the command line is too long'), 0);
  }

  #rawLine(): Step {
    this.#limits = this.#nextLimits;
    const line = this.#takeLine(this.#limits.line);
    if (line === 'wait') return 'wait';
    if (line !== 'too-long') return { kind: 'line', bytes: bareLineFeed(line) };
    this.#state = { at: 'skip-raw-line' };
    return rejected(tooLong(undefined, 'the line is too long'), 0);
  }

  #announced(line: Uint8Array, text: Uint8Array, literal: Announcement): Step {
    const draft = this.#draft;
    draft.addAnnouncing(line, text, literal);
    const tag = draft.tag;
    const point = isAppend(draft.sofar()) ? readAppend(draft.sofar()) : { kind: 'argument' as const };
    if (point.kind === 'failure') return this.#reject(point.failure, literal);
    if (point.kind === 'message') return this.#messageAnnounced(literal, point.head);
    const excess = this.#excess(literal.length);
    if (excess !== undefined) return this.#reject(tooLong(tag, excess), literal);
    draft.reserve(literal.length);
    if (!literal.synchronizing) {
      this.#state = { at: 'literal', left: literal.length };
      return 'again';
    }
    this.#state = { at: 'decision', literal, tag, message: false };
    return { kind: 'literal-wanted', length: literal.length, ...(tag === undefined ? {} : { tag }) };
  }

  #messageAnnounced(literal: Announcement, head: AppendHead): Step {
    if (literal.length === Number.POSITIVE_INFINITY) {
      return this.#reject(tooLong(head.tag, 'the message is too long'), literal);
    }
    this.#draft = new Draft();
    this.#state = { at: 'decision', literal, tag: head.tag, message: true };
    return { kind: 'append', head, synchronizing: literal.synchronizing };
  }

  /** Which limit a literal of that length would break. */
  #excess(length: number): string | undefined {
    const { literal, literals, literalTotal } = this.#limits;
    if (length > literal) return 'a literal is too long';
    if (this.#draft.literalCount > literals) return 'the command has too many literals';
    return this.#draft.literalOctets + length > literalTotal ? 'the literals together are too long' : undefined;
  }

  #reject(failure: ParseFailure, literal: Announcement): Frame {
    return rejected(failure, this.#drop(literal));
  }

  /** Forgets the command at a literal of it; returns how many octets of it will be skipped. */
  #drop(literal: Announcement): number {
    this.#draft = new Draft();
    const skips = !literal.synchronizing || eagerLiteral(this.#queue.length);
    this.#state = skips ? { at: 'skip-literal', left: literal.length } : LINE;
    return skips ? literal.length : 0;
  }

  #literal(left: number): Step {
    if (left === 0) return this.#go(LINE);
    const octets = this.#queue.takeUpTo(left);
    if (octets.length === 0) return 'wait';
    this.#draft.addLiteralOctets(octets);
    return this.#go({ at: 'literal', left: left - octets.length });
  }

  #message(left: number, tag: string | undefined): Step {
    if (left === 0) return this.#go({ at: 'message-end', tag });
    const chunk = this.#queue.takeUpTo(left);
    if (chunk.length === 0) return 'wait';
    this.#state = { at: 'message', left: left - chunk.length, tag };
    return { kind: 'append-data', chunk };
  }

  #messageEnd(tag: string | undefined): Step {
    const line = this.#takeLine(this.#limits.line);
    if (line === 'wait') return 'wait';
    if (line === 'too-long') {
      this.#state = SKIP_LINE;
      return { kind: 'append-end', failure: tooLong(tag, 'the command line is too long') };
    }
    const text = bareLineFeed(line);
    this.#state = this.#afterSkipped(text);
    if (blankLine(text)) return { kind: 'append-end' };
    return {
      kind: 'append-end',
      failure: { ...tagged(tag), kind: 'syntax', message: 'something follows the message' },
    };
  }

  #skipLiteral(left: number): Step {
    if (left === 0) return this.#go(SKIP_LINE);
    const octets = this.#queue.takeUpTo(left);
    return octets.length === 0 ? 'wait' : this.#go({ at: 'skip-literal', left: left - octets.length });
  }

  /** Skips to the end of the line; `tail` is the last of what was skipped, undefined where literals mean nothing. */
  #skipLine(tail: Uint8Array | undefined): Step {
    const lf = this.#queue.indexOfLf();
    const octets = this.#queue.takeUpTo(lf === -1 ? this.#queue.length : lf + 1);
    if (octets.length === 0) return 'wait';
    const ended = octets[octets.length - 1] === 0x0a;
    if (tail === undefined) return ended ? this.#go(LINE) : 'again';
    const kept = Buffer.concat([tail, octets.subarray(-TAIL)]).subarray(-TAIL);
    return this.#go(ended ? this.#afterSkipped(bareLineFeed(kept)) : { at: 'skip-line', tail: kept });
  }

  /** Where a line leads that is the last of a refused command, unless it announces octets that come unasked. */
  #afterSkipped(text: Uint8Array): State {
    const literal = readAnnouncement(text);
    return literal === undefined || literal.synchronizing ? LINE : { at: 'skip-literal', left: literal.length };
  }

  #go(state: State): 'again' {
    this.#state = state;
    return 'again';
  }
}

/** An announcement and the line end after it. */
const TAIL = ANNOUNCEMENT_WIDTH + 2;

const tagged = (tag: string | undefined): { tag?: string } => (tag === undefined ? {} : { tag });

const tooLong = (tag: string | undefined, message: string): ParseFailure => ({
  ...tagged(tag),
  kind: 'too-long',
  message,
});

const rejected = (failure: ParseFailure, skipping: number): Frame => ({ kind: 'rejected', failure, skipping });
