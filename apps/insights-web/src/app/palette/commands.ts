import { matchesWords } from '../../lib/match-words.ts';

/** Something that the palette can do. */
export interface Command {
  readonly id: string;
  /** What kind of thing it is: shown beside it, and found by. */
  readonly group: string;
  readonly name: string;
  readonly run: () => void;
}

/** The commands that have every word typed, those whose name begins with it first; otherwise in their own order. */
export function findCommands(commands: readonly Command[], typed: string): Command[] {
  const begins = ({ name }: Command): number => (name.toLowerCase().startsWith(typed.trim().toLowerCase()) ? 0 : 1);
  return commands
    .filter(({ group, name }) => matchesWords(`${group} ${name}`, typed))
    .toSorted((a, b) => begins(a) - begins(b));
}
