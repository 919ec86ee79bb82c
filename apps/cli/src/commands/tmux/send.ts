import type { Command } from 'commander';
import { CommandFailed, type ConfigOptions, defineCommand, orFail } from '../../command.ts';
import type { Io } from '../../io.ts';
import { SEND_MAX } from '../../ops/tmux/limits.ts';
import { readStdin } from '../../stdin.ts';
import { openSessions } from './options.ts';

interface Options extends ConfigOptions {
  readonly enter?: true;
  readonly stdin?: true;
}

export function sendCommand(parent: Command, io: Io): void {
  defineCommand(parent, {
    usage: 'send <session> [text...]',
    summary: 'type a text into a session',
    description:
      'Types a text into a session, as it is; several words with a blank between them. With --enter the key Enter after it.\nA text that begins with - stands behind --.',
    examples: [
      "scorpiox tmux send myproject --enter 'run the tests'",
      'scorpiox tmux send myproject --enter',
      'scorpiox tmux send myproject --stdin --enter < prompt.txt',
    ],
  })
    .option('--enter', 'and then the key Enter')
    .option('--stdin', 'the text is standard input, without the line end at its end')
    .action(async (name: string, words: readonly string[], options: Options) => runSend(io, name, words, options));
}

async function runSend(io: Io, name: string, words: readonly string[], options: Options): Promise<void> {
  const isNothing = words.length === 0 && options.stdin !== true && options.enter !== true;
  if (isNothing || (words.length > 0 && options.stdin === true)) {
    const message = isNothing
      ? 'There is nothing to send: a text, --stdin, or --enter.'
      : 'A text, or --stdin; not both.';
    throw new CommandFailed({ kind: 'usage', message });
  }
  const { tmux } = await openSessions(io, options);
  const { sendText } = await import('../../ops/tmux/send.ts');
  const { findSession } = await import('../../ops/tmux/sessions.ts');
  const { id } = orFail(await findSession(tmux, name));
  const text = options.stdin === true ? await textOnStdin(io) : words.join(' ');
  orFail(await sendText(tmux, id, text, { enter: options.enter === true }));
}

async function textOnStdin(io: Io): Promise<string> {
  return orFail(await readStdin(io, { what: 'text', most: SEND_MAX })).replace(/\r?\n$/, '');
}
