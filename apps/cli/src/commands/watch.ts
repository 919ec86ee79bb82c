/** A page that is looked up again and again on the whole terminal, until somebody has seen enough. */
import type { Result } from '@scorpiox/shared/result';
import { CommandFailed, orFail } from '../command.ts';
import type { Io } from '../io.ts';
import type { Failure } from '../ops/failure.ts';
import { WATCH_MS } from '../ops/limits.ts';
import type { OutputOptions } from '../output/options.ts';
import type { Screen } from '../output/screen.ts';
import { type Paint, painter } from '../output/style.ts';
import { visible } from '../output/visible.ts';
import { listenForStop } from '../signals.ts';

/** What a page shows. */
export interface Page {
  /** Behind the time, in the first line. */
  readonly head: string;
  /** Above the lines, in yellow. */
  readonly notes: readonly string[];
  /** Headings first; those that do not fit are counted. */
  readonly lines: readonly string[];
}

/** Looks every second. What fails from the start ends it; later on it is shown and looked again: a server that goes away is waited for. */
export async function watch<T>(
  io: Io,
  look: () => Promise<Result<T, Failure>>,
  show: (seen: T, paint: Paint) => Page,
  { json, jq }: OutputOptions,
): Promise<void> {
  if (json !== undefined || jq !== undefined)
    throw new CommandFailed(usage('--watch shows a page to people: leave --json and --jq out.'));
  let seen = await look();
  orFail(seen); // what is wrong from the start is said and not shown
  const screen = await io.openScreen();
  if (screen === undefined) throw new CommandFailed(usage('--watch needs a terminal.'));
  const { stop, dispose } = listenForStop();
  try {
    const enough = seenEnough(screen, stop);
    const draw = () => screen.draw(page(io, screen, seen, show));
    screen.onResize(draw);
    for (draw(); !enough.aborted; draw()) {
      await pause(WATCH_MS, enough);
      if (!enough.aborted) seen = await look();
    }
  } finally {
    screen.close();
    dispose();
  }
}

const usage = (message: string): Failure => ({ kind: 'usage', message });

/** q, Ctrl-C and Ctrl-D. */
const ENOUGH = ['q', 'Q', '\u0003', '\u0004'];

/** Aborted by one of these keys, or a signal. */
function seenEnough(screen: Screen, stop: AbortSignal): AbortSignal {
  const keyed = new AbortController();
  screen.onKey((key) => {
    if (ENOUGH.some((one) => key.includes(one))) keyed.abort();
  });
  return AbortSignal.any([keyed.signal, stop]);
}

function pause(ms: number, enough: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      enough.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    enough.addEventListener('abort', done);
    if (enough.aborted) done();
  });
}

function page<T>(
  io: Io,
  screen: Screen,
  seen: Result<T, Failure>,
  show: (seen: T, paint: Paint) => Page,
): readonly string[] {
  const paint = painter(io);
  const time = new Date().toTimeString().slice(0, 8);
  if (!seen.ok) return [`${time}  ${paint('red', visible(seen.error.message))}`, '', paint('dim', 'q ends')];
  const { head, notes, lines } = show(seen.value, paint);
  const above = notes.map((sentence) => paint('yellow', visible(sentence)));
  const room = Math.max(1, screen.rows - above.length - 4);
  const more = lines.length > room ? [paint('dim', `… and ${lines.length - room} more`)] : [];
  return [`${time}  ${head}`, ...above, '', ...lines.slice(0, room), ...more, paint('dim', 'q ends')];
}
