import type { Command } from 'commander';
import { type ConfigOptions, defineCommand, orFail, readConfig } from '../../command.ts';
import type { Io } from '../../io.ts';
import { addListOutput, type ListOptions } from '../../output/options.ts';
import { printRecords } from '../../output/print.ts';

interface Options extends ConfigOptions, ListOptions {}

export function listMailCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'list <user>',
    summary: "show a user's mailboxes",
    description:
      'Shows every mailbox with its messages, how many are unseen, its size in bytes on disk, whether it is subscribed to, and its\nspecial use. Counted by the files, so it is true whether a server runs or not; nothing is changed or locked.\nIn a pipe: a line of those fields each, divided by tabs.',
    examples: ['scorpiox mail list alice', "scorpiox mail list alice --jq '.[] | select(.unseen > 0) | .mailbox'"],
  });
  addListOutput(command, 'an array of {mailbox, messages, unseen, size, subscribed, specialUse}').action(
    async (user: string, options: Options) => {
      const config = orFail(readConfig(io, options));
      const { listMailboxes } = await import('../../ops/mail/read/list.ts');
      await printRecords(io, orFail(await listMailboxes(config, user)), options);
    },
  );
}
