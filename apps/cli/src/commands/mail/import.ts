import { isAbsolute, join } from 'node:path';
import { ok, type Result } from '@scorpiox/shared/result';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { CommandFailed, defineCommand, orFail, readConfig } from '../../command.ts';
import type { Io } from '../../io.ts';
import type { Failure } from '../../ops/failure.ts';
import type { SourceRequest } from '../../ops/mail/import/open-source.ts';
import type { MboxFormat } from '../../ops/transfer/mbox/scan.ts';
import { listenForStop } from '../../signals.ts';
import { offerPlan } from '../plan/offer.ts';
import { addPlanOptions, type PlanOptions } from '../plan/options.ts';
import { addUrlOptions, isServerUrl, readServerUrl, type UrlOptions } from './server-url.ts';
import { transferWork } from './transfer-work.ts';

interface Options extends UrlOptions, PlanOptions {
  readonly from?: 'mbox' | 'maildir';
  readonly mboxFormat: MboxFormat;
  readonly map?: ReadonlyMap<string, string>;
  readonly below?: string;
}

export function importMailCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'import <user> <source>',
    summary: 'bring mail over from mbox files, a Maildir or another IMAP server',
    description:
      'Brings mail with its flags, dates and folders into the mail of a user. Without --apply it only shows what would come.\nIt may be stopped at any time and started again: what has come over does not come twice. The source is only read.\nThe password of another server is asked for, or comes from standard input or IMAP_PASSWORD.',
    examples: [
      'scorpiox mail import alice /home/alice/Maildir',
      'scorpiox mail import alice Takeout/Mail --apply',
      'scorpiox mail import alice imaps://alice%40example.net@mail.example.net --apply',
      "scorpiox mail import alice old.mbox --map 'old=Archive.2019' --apply --yes",
    ],
  });
  addUrlOptions(addPlanOptions(command))
    .addOption(new Option('--from <layout>', 'what the source is; else it is looked at').choices(['mbox', 'maildir']))
    .addOption(
      new Option('--mbox-format <format>', 'how lines that begin with "From " are quoted in an mbox')
        .choices(['auto', 'mboxrd', 'mboxo', 'mboxcl', 'mboxcl2'])
        .default('auto'),
    )
    .option('--map <folder=mailbox>', 'which mailbox a folder becomes; may be given several times', parseMap)
    .option('--below <mailbox>', 'put everything below this mailbox')
    .action((user: string, source: string, options: Options) => runImport(io, user, source, options));
}

async function runImport(io: Io, user: string, source: string, options: Options): Promise<void> {
  const config = orFail(readConfig(io, options));
  const { withImport } = await import('../../ops/mail/import/import.ts');
  const signals = listenForStop();
  try {
    const request = {
      ...{ user, source: orFail(await readSource(io, source, options)), signal: signals.stop },
      naming: { map: options.map ?? new Map(), below: options.below },
      print: (line: string) => io.say(`${line}\n`),
    };
    orFail(
      await withImport(config, request, async (planned) => {
        for (const sentence of planned.passedOver) io.say(`Passed over: ${sentence}\n`);
        await offerPlan(io, planned.plan, options, transferWork(planned));
        return ok(undefined);
      }),
    );
  } catch (error) {
    if (error instanceof CommandFailed || !signals.stop.aborted) throw error;
    throw new CommandFailed({ kind: 'interrupted', message: 'Interrupted; nothing was changed.' });
  } finally {
    signals.dispose();
  }
}

async function readSource(io: Io, text: string, options: Options): Promise<Result<SourceRequest, Failure>> {
  if (isServerUrl(text)) {
    const server = await readServerUrl(io, text, options);
    return server.ok ? ok({ kind: 'imap', server: server.value }) : server;
  }
  const path = isAbsolute(text) ? text : join(io.cwd, text);
  return ok({ kind: 'files', path, layout: options.from, mboxFormat: options.mboxFormat });
}

/** `folder=mailbox`; a folder's name may hold `=`, a mailbox's hardly ever does. */
function parseMap(text: string, before?: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const at = text.lastIndexOf('=');
  if (at < 1 || at === text.length - 1) throw new InvalidArgumentError('It has the form folder=mailbox.');
  return new Map([...(before ?? []), [text.slice(0, at), text.slice(at + 1)]]);
}
