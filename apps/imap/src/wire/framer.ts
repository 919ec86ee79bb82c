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
 *       ├──(APPEND's message) 'append' ► decision ── accept ─► message ── 'append-data' … ─► message-end
 *       │                                   └─────── refuse ─► skip-literal when {n+}, else line
 *       └──(over a limit) 'rejected' ──► skip-line, or skip-literal when {n+}
 *     message-end ──(line ends)── 'append-end' ──► line
 *       ├──(head of another) 'append-next' ──► decision, as after 'append'
 *       └──(anything else)── 'append-end' with a failure ──► as after 'rejected'
 *     skip-literal ──(n octets gone)───► skip-line ──(line ends: {n+} again ► skip-literal; else ► line)
 *
 * APPEND, from the side of the session. An APPEND is this sequence of frames, pulled with `next()` one by one:
 *
 *     'append' { head, synchronizing }                      head.tag, head.body.mailbox, head.body.first
 *         ► accept() (after `+ …` where synchronizing), or refuse(), then a tagged answer: the command is over
 *     'append-data' { chunk } …                             together head.body.first.length octets; none for length 0
 *     'append-next' { message, synchronizing }              the first message is whole, here is the head of the second
 *         ► accept() (after `+ …` where synchronizing), or refuse(), then a tagged answer: the command is over
 *     'append-data' { chunk } …                             together message.length octets
 *     'append-next' …                                       and so on
 *     'append-end' { failure?, skipping }                   the last message is whole: store all and answer; or, with a
 *                                                           failure, store none and answer that
 *
 * So a loop suffices: pull; on 'append-data' feed the current message; on 'append-next' end it, begin another, decide; on
 * 'append-end' end it and leave. Until 'append-end' without a failure nothing may be visible in the mailbox: a message may
 * be followed by an illegal head, and several are appended together or not at all (RFC 3502). Only 'append' and
 * 'append-next' wait for a decision; `refuse()` is as good between any two 'append-data', and what the client still sends,
 * further messages included, is skipped. A message of length 0 cancels the APPEND: NO (RFC 3502). A message too big is
 * refused at its head by `length` (TOOBIG). An illegal head, one past the line limit, or one whose length is past counting
 * comes as 'append-end' with a failure, whether its literal waits for `+` or not; where `skipping` is Infinity the
 * connection must be closed after the answer, as for 'rejected'. The end of the connection is no frame: `next` gives undefined.
 *
 * What the session sets: `setLimits` at sign-in (LITERAL- before, LITERAL+ after: `FramerLimits.unasked`), `setOptions` when
 * ENABLE switches UTF-8 on, which the mailbox name of an APPEND needs (see parse.ts); the same options to `parseCommand`.
 *
 * A synchronizing literal that was refused has nothing to skip: the client reads the tagged answer in place of `+` and goes
 * on with its next command (RFC 3501 §7.5). If octets wait already at that moment the client did not wait for `+`: they are
 * the literal, and what further announcements of this command promise comes as well. So `refuse()` must be called before
 * the answer is sent: afterwards, what waits may be the next command. Apart from that a skipped line that ends in `{n}` ends
 * the command: its answer is sent, no `+` will come.
 *
 * Memory. Text and literals outside APPEND's message move to the command's draft, bounded by `FramerLimits`; the message is
 * handed out in views of the pushed chunks. When `next` has returned undefined and no decision is asked for, `buffered` is
 * below `limits.line`, so a connection that pauses its socket above that never waits for itself.
 */
import { type Announcement, readAnnouncement } from './announcement.ts';
import { isAppend, readAppend, readNextHead } from './append.ts';
import { ByteQueue } from './byte-queue.ts';
import type { ParseFailure } from './command.ts';
import { Draft } from './draft.ts';
import { literalExcess, messageExcess } from './excess.ts';
import { type AppendHead, appendEnd, type Frame, illegal, rejected, tooLong } from './frame.ts';
import { afterSkipped, LINE, type MessageState, NOTHING, SKIP_LINE, type State, TAIL } from './framer-state.ts';
import { SyntaxFault } from './lexer.ts';
import { type FramerLimits, TAG_LENGTH } from './limits.ts';
import { NOTHING_ENABLED, type ParseOptions } from './options.ts';
import { bareLineFeed, blankLine, eagerLiteral, trailingBlanks } from './quirks.ts';
import { readTag } from './tag.ts';

/** What a step came to: a frame, nothing yet but go on, or more octets are needed. */
type Step = Frame | 'again' | 'wait';

export class Framer {
  readonly #queue = new ByteQueue();
  #state: State = LINE;
  #draft = new Draft();
  #limits: FramerLimits;
  #nextLimits: FramerLimits;
  #options: ParseOptions = NOTHING_ENABLED;

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

  /** What the session has enabled; counts from the next literal or line on. */
  setOptions(options: ParseOptions): void {
    this.#options = options;
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

  /** After `literal-wanted`, `append` or `append-next`: the literal's octets are wanted. */
  accept(): void {
    const state = this.#state;
    if (state.at !== 'decision') throw new Error('accept: no literal waits for a decision');
    const left = state.literal.length;
    this.#state = state.message === undefined ? { at: 'literal', left } : { at: 'message', left, ...state.message };
  }

  /**
   * After `literal-wanted`, `append`, `append-next` or `append-data`: the command is dropped, and what of it still comes is
   * skipped. Returns how many octets the client is sending for nothing, as far as it has said: where they are too many to
   * wait for, close the connection (RFC 7888 §4).
   */
  refuse(): number {
    const state = this.#state;
    switch (state.at) {
      case 'decision':
        return this.#drop(state.literal);
      case 'message':
        this.#state = { at: 'skip-literal', left: state.left, eager: false };
        return state.left;
      case 'message-end':
        this.#state = SKIP_LINE;
        return 0;
      default:
        throw new Error('refuse: no literal waits for a decision');
    }
  }

  #step(mode: 'command' | 'line'): Step {
    const state = this.#state;
    switch (state.at) {
      case 'line':
        return this.#draft.isEmpty && mode === 'line' ? this.#rawLine() : this.#line();
      case 'literal':
        return this.#literal(state.left);
      case 'message':
        return this.#message(state);
      case 'message-end':
        return this.#messageEnd(state);
      case 'skip-literal':
        return this.#skipLiteral(state);
      case 'skip-line':
        return this.#skipLine(state);
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
    // Of what has not begun to come nothing is said, though there be no room left for it after a literal: a client that
    // was just asked for that literal would take the answer for one in place of `+`, and leave the rest of the line out.
    if (lf === -1) return this.#queue.length >= Math.max(budget, 1) ? 'too-long' : 'wait';
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
    const point = isAppend(draft.sofar()) ? readAppend(draft.sofar(), this.#options) : { kind: 'argument' as const };
    if (point.kind === 'failure') return this.#reject(point.failure, literal);
    if (point.kind === 'message') return this.#messageAnnounced(literal, point.head);
    const excess = literalExcess(literal, draft, this.#limits);
    if (excess !== undefined) return this.#reject(tooLong(tag, excess), literal);
    draft.reserve(literal.length);
    if (!literal.synchronizing) {
      this.#state = { at: 'literal', left: literal.length };
      return 'again';
    }
    this.#state = { at: 'decision', literal };
    return { kind: 'literal-wanted', length: literal.length, ...(tag === undefined ? {} : { tag }) };
  }

  #messageAnnounced(literal: Announcement, head: AppendHead): Step {
    const { tag, body } = head;
    const excess = messageExcess(literal, this.#limits);
    if (excess !== undefined) return this.#reject(tooLong(tag, excess), literal);
    this.#draft = new Draft();
    this.#state = { at: 'decision', literal, message: { tag, utf8: body.first.utf8 } };
    return { kind: 'append', head, synchronizing: literal.synchronizing };
  }

  #reject(failure: ParseFailure, literal: Announcement): Frame {
    return rejected(failure, this.#drop(literal));
  }

  /** Forgets the command at a literal of it; returns how many octets of it will be skipped. */
  #drop(literal: Announcement): number {
    this.#draft = new Draft();
    const eager = literal.synchronizing && eagerLiteral(this.#queue.length);
    const skips = !literal.synchronizing || eager;
    this.#state = skips ? { at: 'skip-literal', left: literal.length, eager } : LINE;
    return skips ? literal.length : 0;
  }

  #literal(left: number): Step {
    if (left === 0) return this.#go(LINE);
    const octets = this.#queue.takeUpTo(left);
    if (octets.length === 0) return 'wait';
    this.#draft.addLiteralOctets(octets);
    return this.#go({ at: 'literal', left: left - octets.length });
  }

  #message({ left, tag, utf8 }: State & { at: 'message' }): Step {
    if (left === 0) return this.#go({ at: 'message-end', tag, utf8 });
    const chunk = this.#queue.takeUpTo(left);
    if (chunk.length === 0) return 'wait';
    this.#state = { at: 'message', left: left - chunk.length, tag, utf8 };
    return { kind: 'append-data', chunk };
  }

  /** The line after a message: its end, or the head of another message. */
  #messageEnd({ tag, utf8 }: MessageState): Step {
    const line = this.#takeLine(this.#limits.line);
    if (line === 'wait') return 'wait';
    if (line === 'too-long') {
      this.#state = SKIP_LINE;
      return appendEnd(tooLong(tag, 'the command line is too long'), 0);
    }
    const text = bareLineFeed(line);
    const closed = utf8 ? 1 : 0;
    if (utf8 && text[0] !== CLOSE) return this.#endIllegally(text, illegal(tag, 'a message in UTF8 does not end'));
    if (trailingBlanks(text, closed) < text.length) return this.#anotherMessage(line, text, closed, tag);
    this.#state = LINE;
    return { kind: 'append-end', skipping: 0 };
  }

  #anotherMessage(line: Uint8Array, text: Uint8Array, from: number, tag: string): Step {
    const literal = readAnnouncement(text);
    if (literal === undefined) return this.#endIllegally(text, illegal(tag, 'something follows the message'));
    const excess = messageExcess(literal, this.#limits);
    if (excess !== undefined) return this.#endIllegally(text, tooLong(tag, excess));
    const announced = text.length - literal.width;
    const message = readNextHead({ line, from, announced, literal }, this.#options);
    if (message instanceof SyntaxFault) return this.#endIllegally(text, illegal(tag, message.message));
    this.#state = { at: 'decision', literal, message: { tag, utf8: message.utf8 } };
    return { kind: 'append-next', message, synchronizing: literal.synchronizing };
  }

  #endIllegally(text: Uint8Array, failure: ParseFailure): Frame {
    const literal = readAnnouncement(text);
    this.#state = LINE;
    return appendEnd(failure, literal === undefined ? 0 : this.#drop(literal));
  }

  #skipLiteral({ left, eager }: State & { at: 'skip-literal' }): Step {
    if (left === 0) return this.#go({ at: 'skip-line', tail: NOTHING, eager });
    const octets = this.#queue.takeUpTo(left);
    return octets.length === 0 ? 'wait' : this.#go({ at: 'skip-literal', left: left - octets.length, eager });
  }

  /** Skips to the end of the line, whose `tail` is kept; without a state it is a line where literals mean nothing. */
  #skipLine(state: (State & { at: 'skip-line' }) | undefined): Step {
    const lf = this.#queue.indexOfLf();
    const octets = this.#queue.takeUpTo(lf === -1 ? this.#queue.length : lf + 1);
    if (octets.length === 0) return 'wait';
    const ended = octets[octets.length - 1] === 0x0a;
    if (state === undefined) return ended ? this.#go(LINE) : 'again';
    const { eager } = state;
    const tail = Buffer.concat([state.tail, octets.subarray(-TAIL)]).subarray(-TAIL);
    return this.#go(ended ? afterSkipped(bareLineFeed(tail), eager) : { at: 'skip-line', tail, eager });
  }

  #go(state: State): 'again' {
    this.#state = state;
    return 'again';
  }
}

const CLOSE = 0x29;
