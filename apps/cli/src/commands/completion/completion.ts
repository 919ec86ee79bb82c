import { Argument, type Command } from 'commander';
import { defineCommand } from '../../command.ts';
import type { Io } from '../../io.ts';
import type { Shell } from './scripts.ts';

export function completionCommand(program: Command, io: Io): void {
  defineCommand(program, {
    usage: 'completion',
    summary: 'print a completion script for a shell',
    description: 'Prints a script that lets a shell complete commands and options.',
    examples: [
      'source <(scorpiox completion bash)      # in ~/.bashrc',
      'source <(scorpiox completion zsh)       # in ~/.zshrc, after compinit',
      'scorpiox completion fish | source       # in ~/.config/fish/config.fish',
    ],
  })
    .addArgument(new Argument('<shell>', 'bash, zsh or fish').choices(['bash', 'zsh', 'fish']))
    .action(async (shell: Shell) => {
      const [{ scriptFor }, { placesOf }] = await Promise.all([import('./scripts.ts'), import('./words.ts')]);
      io.out(scriptFor(shell, placesOf(program)));
    });
}
