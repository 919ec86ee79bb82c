import type { Command } from 'commander';
import { type ConfigOptions, defineCommand, orFail, readConfig } from '../../command.ts';
import type { Io } from '../../io.ts';
import { addOutput, type OutputOptions } from '../../output/options.ts';
import { printRecord } from '../../output/print.ts';

interface Options extends ConfigOptions, OutputOptions {}

export function mailStatusCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'status <user> [mailbox]',
    summary: "show the state of a user's mail, or of one mailbox",
    description:
      'Of a user: what all mailboxes hold, the quota, and the state of the index, of its copy and of the text index. Of a mailbox:\nits numbers as IMAP has them (UIDVALIDITY, UIDNEXT, HIGHESTMODSEQ) and what it holds. Sizes are bytes on disk. Messages\nthat no server has looked at yet are counted, and told as notIndexed. Nothing is changed or locked.',
    examples: [
      'scorpiox mail status alice',
      'scorpiox mail status alice Archive.2026',
      'scorpiox mail status alice INBOX --jq .uidNext',
    ],
  });
  const ofUser =
    'quotaStorage, quotaStorageUsed, quotaMessages, quotaMessagesUsed, index, indexBytes, indexCopied, textIndexed, textBytes';
  const ofMailbox =
    'uidValidity, uidNext, highestModSeq, mailboxId, messages, unseen, recent, deleted, size, notIndexed, keywords, subscribed, specialUse, textIndexed';
  addOutput(
    command,
    `{user, mailboxes, messages, unseen, size, notIndexed, ${ofUser}}, of a mailbox {user, mailbox, ${ofMailbox}}`,
  ).action(async (user: string, mailbox: string | undefined, options: Options) => {
    const config = orFail(readConfig(io, options));
    const { statusOfMailbox, statusOfUser } = await import('../../ops/mail/read/status.ts');
    const status =
      mailbox === undefined
        ? orFail(await statusOfUser(config, user))
        : orFail(await statusOfMailbox(config, user, mailbox));
    await printRecord(io, status, options);
  });
}
