/** ENABLE (RFC 5161): a client says that it understands what it would not be sent otherwise. */
import type { CommandOf } from '../wire/command.ts';
import type { Response } from '../wire/response.ts';
import { type Context, type Enabled, type Outcome, ok } from './context.ts';

/** What can be enabled, by its name in upper case. All else is passed over (RFC 5161 §3.1). */
const EXTENSIONS: ReadonlyMap<string, Enabled> = new Map(
  (['CONDSTORE', 'QRESYNC', 'IMAP4rev2', 'UTF8=ACCEPT'] as const).map((name) => [name.toUpperCase(), name]),
);

/** A mailbox may be selected already: then the client is told its HIGHESTMODSEQ with the answer (RFC 7162 §3.1). */
export async function* enable(
  { session }: Context,
  command: CommandOf<'ENABLE'>,
): AsyncGenerator<Response, Outcome, void> {
  const known = command.capabilities.flatMap((name) => EXTENSIONS.get(name) ?? []);
  yield { type: 'enabled', capabilities: known.filter((name) => session.enable(name)) };
  return ok('ENABLE completed.');
}
