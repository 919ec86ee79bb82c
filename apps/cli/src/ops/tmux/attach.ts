/** The way into a session that is there. Pure. */
import { SENTENCE_SHOWN_MS } from './limits.ts';
import type { TmuxCommand } from './tmux.ts';

/** Whether this already is a client of tmux: it shows another session, for there is no session within a session. */
export const isInsideTmux = (env: Readonly<Record<string, string | undefined>>): boolean => (env.TMUX ?? '') !== '';

export const attaching = (target: string, isInside: boolean): TmuxCommand =>
  isInside ? ['switch-client', '-t', target] : ['attach-session', '-t', target];

/** Shows a sentence in the status line: what was printed before is hidden while a session is shown. It is a format with times (`%d`). */
export const showing = (sentence: string): TmuxCommand => [
  ...['display-message', '-d', String(SENTENCE_SHOWN_MS)],
  sentence.replaceAll('%', '%%').replaceAll('#', '##'),
];
