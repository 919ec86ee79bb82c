import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../failure.ts';
import { saysNoServer, type Tmux, tmuxFailure } from './tmux.ts';

/**
 * The last lines of a session's pane, as plain text, without the empty ones that follow; undefined where the session has ended.
 */
export async function lastLines(
  tmux: Tmux,
  id: string,
  most: number,
): Promise<Result<readonly string[] | undefined, Failure>> {
  const ended = await tmux.ask(['capture-pane', '-p', '-t', `${id}:`, '-S', `-${most}`]);
  if (!ended.ok) return ended;
  const { code, stdout } = ended.value;
  if (code !== 0) return isGone(ended.value) ? ok(undefined) : err(tmuxFailure(ended.value));
  return ok(stdout.trimEnd() === '' ? [] : stdout.trimEnd().split('\n').slice(-most));
}

const isGone = (ended: Parameters<typeof saysNoServer>[0]): boolean =>
  saysNoServer(ended) || /^can't find (?:session|pane|window)/m.test(ended.stderr);

/**
 * The lines that came between two looks at the last lines of a pane: those below what both have in common. The last line of
 * before may have grown since, and is new then. Where nothing is in common (a program that draws a page), all of them. Pure.
 */
export function linesSince(before: readonly string[], after: readonly string[]): readonly string[] {
  for (let from = 0; from <= before.length; from++) {
    const kept = before.slice(from);
    const stays = kept.length <= after.length && kept.slice(0, -1).every((line, at) => line === after[at]);
    const last = kept.length - 1;
    if (!stays || (last >= 0 && !after[last]?.startsWith(kept[last] ?? ''))) continue;
    return last >= 0 && after[last] !== kept[last] ? after.slice(last) : after.slice(kept.length);
  }
  return after;
}
