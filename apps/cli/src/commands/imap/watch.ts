import type { Result } from '@scorpiox/shared/result';
import { CommandFailed, orFail } from '../../command.ts';
import type { Io } from '../../io.ts';
import type { Failure } from '../../ops/failure.ts';
import type { Sessions } from '../../ops/imap/sessions.ts';
import { STALLED_MS, WATCH_MS } from '../../ops/limits.ts';
import type { OutputOptions } from '../../output/options.ts';
import type { Screen } from '../../output/screen.ts';
import { painter } from '../../output/style.ts';
import { visible } from '../../output/visible.ts';
import { listenForStop } from '../../signals.ts';
import { sessionLines, summary } from './session-rows.ts';

type Look = () => Promise<Result<Sessions, Failure>>;

/** Shows sessions on the whole terminal until somebody has seen enough. A server that goes away is waited for. */
export async function watchSessions(io: Io, look: Look, { json, jq }: OutputOptions): Promise<void> {
  if (json !== undefined || jq !== undefined)
    throw new CommandFailed(usage('--watch shows a page to people: leave --json and --jq out.'));
  let seen = await look();
  orFail(seen); // what is wrong from the start is said and not shown
  const screen = await io.openScreen();
  if (screen === undefined) throw new CommandFailed(usage('--watch needs a terminal.'));
  const { stop, dispose } = listenForStop();
  try {
    const enough = seenEnough(screen, stop);
    const draw = () => screen.draw(page(io, screen, seen));
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

function page(io: Io, screen: Screen, seen: Result<Sessions, Failure>): readonly string[] {
  const paint = painter(io);
  const time = new Date().toTimeString().slice(0, 8);
  if (!seen.ok) return [`${time}  ${paint('red', visible(seen.error.message))}`, '', paint('dim', 'q ends')];
  const { sessions, missing } = seen.value;
  const head = `${time}  ${summary(sessions, STALLED_MS)}`;
  const notes = missing.map((sentence) => paint('yellow', visible(sentence)));
  const lines = sessionLines(sessions, paint, STALLED_MS);
  const room = Math.max(1, screen.rows - notes.length - 4);
  const more = lines.length > room ? [paint('dim', `… and ${lines.length - room} more`)] : [];
  return [head, ...notes, '', ...lines.slice(0, room), ...more, paint('dim', 'q ends')];
}
