import type { Command } from 'commander';
import { CommandFailed, type ConfigOptions, defineCommand, orFail, readConfig } from '../../command.ts';
import type { Io } from '../../io.ts';
import type { MessageAt } from '../../ops/mail/show/show.ts';
import { addOutput, type OutputOptions } from '../../output/options.ts';
import { printForPrograms } from '../../output/print.ts';
import { visible } from '../../output/visible.ts';
import { messageText } from './message-text.ts';

interface Options extends ConfigOptions, OutputOptions {
  readonly raw?: true;
  readonly part?: string;
  readonly headers?: true;
}

export function showMailCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'show <user> <mailbox> <uid>',
    summary: 'show a message',
    description:
      'Shows the main fields of the header, the text as a person reads it (HTML as plain text) and the parts. With --raw or --part\nthe octets go to standard output: on a terminal with everything that would drive it made visible, elsewhere exactly as they\nare. Nothing is changed: the message stays unseen.',
    examples: [
      'scorpiox mail show alice INBOX 4711',
      'scorpiox mail show alice INBOX 4711 --headers',
      'scorpiox mail show alice INBOX 4711 --part 2 > picture.png',
      'scorpiox mail show alice INBOX 4711 --raw > message.eml',
    ],
  });
  addOutput(
    command,
    '{user, mailbox, uid, date, size, flags, headers: [{name, value}], text, isCut, parts: [{part, type, name, size}]}',
  )
    .option('--raw', 'the octets of the message, as they are stored')
    .option('--part <number>', 'the content of a part without its transfer encoding')
    .option('--headers', 'every field of the header, decoded')
    .action(async (user: string, mailbox: string, uid: string, options: Options) => {
      const { raw, part, headers } = options;
      if ([raw, part, headers].filter((given) => given !== undefined).length > 1) {
        throw new CommandFailed({ kind: 'usage', message: 'Take one of --raw, --part and --headers.' });
      }
      await show(io, { user, mailbox, uid }, options);
    });
}

async function show(io: Io, at: MessageAt, options: Options): Promise<void> {
  const config = orFail(readConfig(io, options));
  const { showMessage, writePart, writeRaw } = await import('../../ops/mail/show/show.ts');
  const write = io.stdoutIsTerminal ? writingVisibly(io) : io.write;
  if (options.raw === true) orFail(await writeRaw(config, at, write));
  else if (options.part !== undefined) orFail(await writePart(config, { ...at, part: options.part }, write));
  else {
    const shown = orFail(await showMessage(config, at));
    if (!(await printForPrograms(io, shown, options))) io.out(messageText(shown, options.headers === true));
  }
}

/** Octets as text that cannot drive a terminal. */
function writingVisibly(io: Io): (octets: Uint8Array) => Promise<void> {
  const decoder = new TextDecoder();
  return async (octets) => io.out(visible(decoder.decode(octets, { stream: true }).replaceAll('\r\n', '\n')));
}
