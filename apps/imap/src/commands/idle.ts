/**
 * IDLE (RFC 2177): what happens in the mailbox is told as it happens, until the client says DONE. Where nothing happens for
 * long, a word is said all the same.
 */
import type { Lost, View } from '../mailbox/view.ts';
import { blankBeforeDone } from '../wire/quirks.ts';
import type { Response } from '../wire/response.ts';
import { bad, type Context, type Line, type Outcome, ok } from './context.ts';
import { farewell } from './farewell.ts';

/** A client's DONE is four octets; anything longer is a mistake. */
const DONE_LINE = 256;

export async function* idle(context: Context): AsyncGenerator<Response, Outcome, void> {
  yield { type: 'continue', text: 'idling' };
  const done = answer(context);
  const view = context.state.name === 'selected' ? context.state.view : undefined;
  const lost = yield* notices(context, view, done);
  if (lost !== undefined) return farewell(lost);
  const line = await done;
  if (line.kind === 'gone') return { ...ok('IDLE ended.'), next: 'gone' };
  const text = line.kind === 'line' ? Buffer.from(line.bytes).toString('latin1').trimEnd().toUpperCase() : '';
  return text === 'DONE' ? ok('IDLE completed.') : bad('IDLE ends with DONE.');
}

async function answer({ client }: Context): Promise<Line> {
  for (;;) {
    const line = await client.line(DONE_LINE);
    if (line.kind !== 'line' || !blankBeforeDone(line.bytes)) return line;
  }
}

/** Until the client speaks, or the mailbox is lost. */
async function* notices(
  context: Context,
  view: View | undefined,
  done: Promise<unknown>,
): AsyncGenerator<Response, Lost | undefined, void> {
  const bell = new Bell();
  let finished = false;
  const finish = () => {
    finished = true;
    bell.ring();
  };
  const stop = view?.onChange(() => bell.ring());
  done.then(finish, finish); // the caller awaits `done` itself, and gets its error
  try {
    while (!finished) {
      if (view !== undefined) {
        const synced = await view.sync();
        if (synced.kind === 'lost') return synced.why;
        if (synced.kind === 'failed') context.report(`A mailbox could not be looked at: ${synced.error.code}.`);
        for (const response of view.drain({ allowExpunge: true, withUid: false })) {
          yield response;
          await context.breathe();
        }
      }
      while (!(await bell.rung(context.keepAlive))) yield STILL_HERE;
    }
    return undefined;
  } finally {
    stop?.();
  }
}

const STILL_HERE: Response = { type: 'untagged', condition: 'OK', text: 'Still here.' };

/** Remembers that it was rung until somebody asks. */
class Bell {
  #rung = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Resolves when it was rung: true; or after so many milliseconds: false. */
  async rung(patience: number): Promise<boolean> {
    if (!this.#rung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, patience);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    const rung = this.#rung;
    this.#rung = false;
    return rung;
  }
}
