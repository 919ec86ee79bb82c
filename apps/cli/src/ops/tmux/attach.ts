/** The way into a session that is there. Pure. */
import type { TmuxCommand } from './tmux.ts';

/** Whether this already is a client of tmux: it shows another session, for there is no session within a session. */
export const isInsideTmux = (env: Readonly<Record<string, string | undefined>>): boolean => (env.TMUX ?? '') !== '';

export const attaching = (target: string, isInside: boolean): TmuxCommand =>
  isInside ? ['switch-client', '-t', target] : ['attach-session', '-t', target];
