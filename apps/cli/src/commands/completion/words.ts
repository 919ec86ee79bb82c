import type { Command } from 'commander';

/** A command by its words (`app key add`; empty for the program itself) and what may follow them. */
export interface Place {
  readonly path: string;
  readonly words: readonly string[];
}

/** Every command below `program` with its subcommands and options: what a shell offers there. */
export function placesOf(program: Command): readonly Place[] {
  return walk(program, []);
}

function walk(command: Command, path: readonly string[]): readonly Place[] {
  const options = command.options.flatMap(({ hidden, long }) => (hidden || !long ? [] : [long]));
  const words = [...command.commands.map((child) => child.name()), ...options, '--help'];
  return [
    { path: path.join(' '), words },
    ...command.commands.flatMap((child) => walk(child, [...path, child.name()])),
  ];
}
