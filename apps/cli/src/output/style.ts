import type { Io } from '../io.ts';

/** How something is shown on a terminal (ECMA-48 SGR): what it begins with, and what ends it. */
const STYLES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

export type Style = keyof typeof STYLES;

/** Gives a text a style, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

/** Paints what goes to standard output, where that is a terminal that knows colours and nobody has said NO_COLOR. */
export function painter({ stdoutIsTerminal, env }: Pick<Io, 'stdoutIsTerminal' | 'env'>): Paint {
  const isPlain = !stdoutIsTerminal || env.TERM === 'dumb' || (env.NO_COLOR ?? '') !== '';
  return (style, text) => (isPlain ? text : `\u001b[${STYLES[style][0]}m${text}\u001b[${STYLES[style][1]}m`);
}
