import type { Command } from 'commander';
import { type ConfigOptions, defineCommand, orFail, readConfig } from '../../../command.ts';
import type { Io } from '../../../io.ts';
import { addListOutput, type ListOptions } from '../../../output/options.ts';
import { printRecords } from '../../../output/print.ts';
import { listenForStop } from '../../../signals.ts';

interface Options extends ConfigOptions, ListOptions {}

export function buildTextIndexCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'build [users...]',
    summary: 'build text indexes now',
    description:
      'Brings the text of every message into the text index, whatever the size of its mailbox. It may run beside a server. Ctrl-C\nstops it; what was built is kept, and the next build goes on there. Without users: of all.\nIn a pipe: user, messages, indexed and bytes, divided by tabs.',
    examples: ['scorpiox mail text-index build alice'],
  });
  addListOutput(command, 'an array of {user, messages, indexed, bytes}').action(
    async (users: readonly string[], options: Options) => {
      const config = orFail(readConfig(io, options));
      const { buildTextIndexes } = await import('../../../ops/mail/text-index/build.ts');
      const { stop, dispose } = listenForStop();
      const onProgress = (user: string, indexed: number, messages: number): void =>
        io.say(`${user}: ${indexed.toLocaleString('en')} of ${messages.toLocaleString('en')} messages\n`);
      const print = (line: string): void => io.say(`${line}\n`);
      try {
        const built = orFail(await buildTextIndexes(config, { users, signal: stop, onProgress, print }));
        await printRecords(io, built, options);
      } finally {
        dispose();
      }
    },
  );
}
