import { type Command, InvalidArgumentError } from 'commander';
import { CommandFailed, type ConfigOptions, defineCommand, orFail } from '../../command.ts';
import type { Io } from '../../io.ts';
import { LINES_MAX, LINES_SHOWN } from '../../ops/tmux/limits.ts';
import { addOutput, type OutputOptions, parseCount } from '../../output/options.ts';
import { printForPrograms } from '../../output/print.ts';
import { visible } from '../../output/visible.ts';
import { openSessions } from './options.ts';

interface Options extends ConfigOptions, OutputOptions {
  readonly lines: number;
}

export function parseLines(text: string): number {
  const lines = parseCount(text);
  if (lines <= LINES_MAX) return lines;
  throw new InvalidArgumentError(`It must be ${LINES_MAX} at most.`);
}

export function peekCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'peek <session>',
    summary: 'show the last lines of a session',
    description:
      'Shows the last lines of what a session shows, without going into it: as plain text, without the empty lines at the\nend. A session is named by itself or by its project.',
    examples: ['scorpiox tmux peek myproject', 'scorpiox tmux peek myproject --lines 200 --json'],
  }).option('-n, --lines <number>', 'so many at most', parseLines, LINES_SHOWN);
  addOutput(command, '{session, model, lines}').action(async (name: string, options: Options) => {
    const { tmux } = await openSessions(io, options);
    const { lastLines } = await import('../../ops/tmux/peek.ts');
    const { findSession } = await import('../../ops/tmux/sessions.ts');
    const { id, name: session, model } = orFail(await findSession(tmux, name));
    const lines = orFail(await lastLines(tmux, id, options.lines));
    if (lines === undefined)
      throw new CommandFailed({ kind: 'error', message: `The session ${session} has just ended.` });
    if (await printForPrograms(io, { session, model, lines }, options)) return;
    io.out(lines.map((line) => `${visible(line)}\n`).join(''));
  });
}
