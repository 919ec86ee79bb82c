import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import { type ConfigOptions, defineCommand, orFail } from '../../command.ts';
import type { Io } from '../../io.ts';
import { LINES_SHOWN, WATCH_LOOK_MS } from '../../ops/tmux/limits.ts';
import { visible } from '../../output/visible.ts';
import { openSessions } from './options.ts';
import { parseLines } from './peek.ts';

interface Options extends ConfigOptions {
  readonly lines: number;
  readonly json?: true;
}

export function watchCommand(parent: Command, io: Io): void {
  defineCommand(parent, {
    usage: 'watch <session>',
    summary: 'follow what a session shows, until it ends',
    description:
      'Shows the last lines of a session, and then those that come, until the session ends or Ctrl-C. Of a program that\ndraws pages, each page. With --json: each time that something has changed, the last lines as they are now.',
    examples: ['scorpiox tmux watch myproject', 'scorpiox tmux watch myproject -n 5 --json'],
  })
    .option('-n, --lines <number>', 'how many of the last lines are looked at', parseLines, LINES_SHOWN)
    .option('--json', 'print an object {session, model, lines} a line')
    .action(async (name: string, options: Options) => runWatch(io, name, options));
}

async function runWatch(io: Io, wanted: string, options: Options): Promise<void> {
  const { tmux } = await openSessions(io, options);
  const { lastLines, linesSince } = await import('../../ops/tmux/peek.ts');
  const { findSession } = await import('../../ops/tmux/sessions.ts');
  const { id, name: session, model } = orFail(await findSession(tmux, wanted));
  let before: readonly string[] | undefined;
  while (!io.readerGone.aborted) {
    const lines = orFail(await lastLines(tmux, id, options.lines));
    if (lines === undefined) break;
    const came = before === undefined ? lines : linesSince(before, lines);
    const hasChanged = before === undefined || lines.length !== before.length || came.length > 0;
    if (options.json === true && hasChanged) io.out(`${visible(JSON.stringify({ session, model, lines }))}\n`);
    else if (options.json !== true) io.out(came.map((line) => `${visible(line)}\n`).join(''));
    before = lines;
    await pause(WATCH_LOOK_MS);
  }
  if (!io.readerGone.aborted) io.say(`scorpiox: The session ${session} has ended.\n`);
}
