import type { Command } from 'commander';

/**
 * Lets the options of `enter`, which needs no word, stand before the word of any command: `tmux -m opus new shop` is `tmux new -m opus
 * shop`. Else the word would be taken for the name of a project.
 */
export function takeVerbAnywhere(group: Command): void {
  const parse = group.parseOptions.bind(group);
  group.parseOptions = (args) => parse([...verbFirst(group, args)]);
}

function verbFirst(group: Command, args: readonly string[]): readonly string[] {
  const at = firstWord(group, args);
  const word = args[at];
  if (word === undefined || !group.commands.some((one) => one.name() === word)) return args;
  return [word, ...args.slice(0, at), ...args.slice(at + 1)];
}

/** Where the first word stands that is neither an option nor the value of one; behind the end where there is none. */
function firstWord(group: Command, args: readonly string[]): number {
  const options = group.commands.flatMap((command) => command.options);
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? '';
    if (word === '--') return args.length;
    if (!word.startsWith('-') || word === '-') return at;
    if (options.some((option) => option.required && (option.short === word || option.long === word))) at++;
  }
  return args.length;
}
