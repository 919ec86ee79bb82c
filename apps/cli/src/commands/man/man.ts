import type { Command } from 'commander';
import { defineCommand } from '../../command.ts';
import type { Io } from '../../io.ts';

export function manCommand(program: Command, io: Io): void {
  defineCommand(program, {
    usage: 'man',
    summary: 'print the manual page',
    description: 'Prints the manual page, scorpiox(1), made from the same definitions as --help.',
    examples: ['scorpiox man | man -l -', 'scorpiox man > /usr/local/share/man/man1/scorpiox.1'],
  }).action(async () => {
    const { manualPage } = await import('./page.ts');
    io.out(manualPage(program));
  });
}
