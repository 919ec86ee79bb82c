/** IDLE (RFC 2177): what happens in the mailbox is told as it happens, until the client says DONE. */
import type { Lost, View } from '../mailbox/view.ts';
import type { Response } from '../wire/response.ts';
import { bad, type Context, type Outcome, ok } from './context.ts';
import { farewell } from './farewell.ts';

/** A client's DONE is four octets; anything longer is a mistake. */
const DONE_LINE = 256;

export async function* idle(context: Context): AsyncGenerator<Response, Outcome, void> {
  yield { type: 'continue', text: 'idling' };
  const done = context.client.line(DONE_LINE);
  if (context.state.name === 'selected') {
    const lost = yield* notices(context.state.view, done);
    if (lost !== undefined) return farewell(lost);
  }
  const line = await done;
  if (line.kind === 'gone') return { ...ok('IDLE ended.'), next: 'gone' };
  const text = line.kind === 'line' ? Buffer.from(line.bytes).toString('latin1').trimEnd().toUpperCase() : '';
  return text === 'DONE' ? ok('IDLE completed.') : bad('IDLE ends with DONE.');
}

/** Until the client speaks, or the mailbox is lost. */
async function* notices(view: View, done: Promise<unknown>): AsyncGenerator<Response, Lost | undefined, void> {
  const bell = new Bell();
  let finished = false;
  const finish = () => {
    finished = true;
    bell.ring();
  };
  const stop = view.onChange(() => bell.ring());
  done.then(finish, finish); // the caller awaits `done` itself, and gets its error
  try {
    while (!finished) {
      const synced = await view.sync();
      if (synced.kind === 'lost') return synced.why;
      yield* view.drain({ allowExpunge: true, withUid: false });
      await bell.rung();
    }
    return undefined;
  } finally {
    stop();
  }
}

/** Remembers that it was rung until somebody asks. */
class Bell {
  #rung = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  async rung(): Promise<void> {
    if (!this.#rung) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#rung = false;
  }
}
