import type { Command } from 'commander';
import { type ConfigOptions, defineCommand, orFail, readConfig } from '../../../command.ts';
import type { Io } from '../../../io.ts';
import { addListOutput, type ListOptions } from '../../../output/options.ts';
import { printRecords } from '../../../output/print.ts';
import { showProgress } from '../../../output/progress.ts';
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
      const progress = showProgress(io, { label: 'Building text indexes', unit: 'messages' });
      const { update: onProgress, print } = progress;
      try {
        const built = orFail(await buildTextIndexes(config, { users, signal: stop, onProgress, print }));
        progress.end();
        await printRecords(io, built, options);
      } finally {
        progress.end();
        dispose();
      }
    },
  );
}
