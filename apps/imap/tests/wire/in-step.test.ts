// Whatever a client says and whatever the session decides: what is a command is read as one, and nothing else is.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Framer } from '../../src/wire/framer.ts';
import type { FramerLimits } from '../../src/wire/limits.ts';
import { parseCommand } from '../../src/wire/parse.ts';
import { asks, bytes } from './transcript.ts';

const TIGHT: FramerLimits = { line: 120, literal: 60, literalTotal: 100, literals: 3, unasked: 50 };

/** What stands in literals: commands, to whoever reads them as some. */
const trap = fc.constantFrom(
  ...['', 'x', 'x1 NOOP\r\n', 'x1 NOOP\r\nx2 LOGIN {9+}\r\n', '\r\nx1 APPEND x {3}\r\nx2 NOOP\r\n', ')\r\nx1 NOOP\r\n'],
  ...['x1 NOOP\r\n'.repeat(5), 'x1 NOOP\r\n'.repeat(20), '\0x1 NOOP\r\n'],
);

/** A literal: what comes before the client may have to wait, and what after. */
interface Literal {
  readonly announcement: string;
  readonly octets: string;
  readonly waits: boolean;
}
const literal = fc.record({ octets: trap, waits: fc.boolean(), mark: fc.constantFrom('', '', '~') }).map(
  ({ octets, waits, mark }): Literal => ({
    announcement: `${mark}{${octets.length}${waits ? '' : '+'}}\r\n`,
    octets,
    waits,
  }),
);

/** One utterance: a command, or something like one, with its literals; `u` begins it, sentinels begin with `s`. */
type Utterance = readonly { readonly before: string; readonly literal: Literal | undefined }[];

const words = fc.constantFrom(
  ...['u LOGIN', 'u SEARCH SUBJECT', 'u SEARCH TEXT a SUBJECT', 'u ID (', 'u SELECT', 'u LIST ""', 'u APPEND', 'u'],
  ...[
    'u APPEND INBOX',
    'u APPEND INBOX (\\Seen)',
    'u APPEND INBOX (\\Wrong)',
    'u APPEND b UTF8 (',
    `u ${'y'.repeat(200)}`,
  ],
  ...['', '\r\n\r\nu', '(', 'u APPEND INBOX UTF8', 'u UID FETCH 1 BODY[HEADER.FIELDS ('],
);
const between = fc.constantFrom(
  ...['', ' ', ' ', ' ', ')', ') ', ' (\\Seen) ', ' (\\Draft $x) " 7-Feb-1994 22:43:04 -0800" ', ' UTF8 (', ') UTF8 ('],
  ...[' (\\Recent) ', ' "', ` ${'z'.repeat(150)} `, ' TEXT '],
);
const utterance: fc.Arbitrary<Utterance> = fc
  .tuple(words, fc.array(fc.tuple(between, literal), { maxLength: 5 }), between)
  .map(([first, rest, last]) => [
    ...rest.map(([gap, announced], i) => ({ before: `${i === 0 ? first : ''}${gap}`, literal: announced })),
    { before: `${rest.length === 0 ? first : ''}${last}\r\n`, literal: undefined },
  ]);

/** A client that waits where it must, and a session that decides by `coins`. */
class Dialogue {
  readonly commands: string[] = [];
  readonly #framer = new Framer(TIGHT);
  readonly #coins: readonly boolean[];
  readonly #size: number;
  #tossed = 0;
  #unsent = '';
  /** The last synchronizing literal was asked for. */
  #granted = false;

  constructor(coins: readonly boolean[], size: number) {
    this.#coins = coins;
    this.#size = size;
  }

  say(pieces: Utterance): void {
    for (const { before, literal: announced } of pieces) {
      this.#unsent += before;
      if (announced === undefined) return;
      this.#unsent += announced.announcement;
      if (announced.waits) {
        this.flush();
        if (!this.#granted) return; // the answer came in place of `+`
      }
      this.#unsent += announced.octets;
    }
  }

  /** Sends what is pipelined, in chunks. */
  flush(): void {
    this.#granted = false;
    for (let at = 0; at < this.#unsent.length; at += this.#size) {
      this.#framer.push(bytes(this.#unsent.slice(at, at + this.#size)));
      this.#serve();
    }
    this.#unsent = '';
  }

  #serve(): void {
    for (let frame = this.#framer.next(); frame !== undefined; frame = this.#framer.next()) {
      this.#granted = false;
      if (frame.kind === 'command') {
        parseCommand(frame.raw, { utf8: this.#toss() });
        this.commands.push(Buffer.from(frame.raw.bytes).toString('latin1'));
      }
      if (asks(frame)) this.#decide();
      else if (frame.kind === 'append-data' && this.#toss() && this.#toss()) this.#framer.refuse();
    }
  }

  #decide(): void {
    this.#granted = this.#toss();
    if (this.#granted) this.#framer.accept();
    else this.#framer.refuse();
  }

  #toss(): boolean {
    this.#tossed += 1;
    return this.#coins[this.#tossed % this.#coins.length] ?? true;
  }
}

it('stays in step with every client that waits where it must', () => {
  const coins = fc.array(fc.boolean(), { minLength: 1, maxLength: 30 });
  const talk = fc.array(utterance, { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(talk, coins, fc.integer({ min: 1, max: 200 }), (utterances, tosses, size) => {
      const dialogue = new Dialogue(tosses, size);
      for (const [i, pieces] of utterances.entries()) {
        dialogue.say(pieces);
        dialogue.say([{ before: `s${i} NOOP\r\n`, literal: undefined }]);
      }
      dialogue.flush();
      const sentinels = dialogue.commands.filter((command) => command.startsWith('s'));
      expect(sentinels).toEqual(utterances.map((_, i) => `s${i} NOOP`));
      expect(dialogue.commands.filter((command) => command.startsWith('x'))).toEqual([]);
    }),
    { numRuns: 5_000 },
  );
});
