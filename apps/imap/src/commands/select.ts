/** SELECT, EXAMINE and CLOSE (RFC 3501 §6.3.1, §6.3.2, §6.4.2). */
import { STATES_AT_ONCE } from '../limits.ts';
import { allFlags, permanentFlags } from '../mailbox/flags.ts';
import type { Hub } from '../mailbox/hub.ts';
import type { Lease } from '../mailbox/leases.ts';
import { parseMailboxName } from '../mailbox/store.ts';
import { View } from '../mailbox/view.ts';
import type { CommandOf, SeqNum } from '../wire/command.ts';
import type { Response } from '../wire/response.ts';
import { type Context, type Outcome, ok, type Selected, type SignedIn } from './context.ts';
import { refused } from './store-error.ts';

export async function* select(
  context: Context,
  command: CommandOf<'SELECT' | 'EXAMINE'>,
  { user, mail }: SignedIn,
): AsyncGenerator<Response, Outcome, void> {
  // Whatever was selected is no longer, even where this fails (RFC 3501 §6.3.1).
  await context.become({ name: 'authenticated', user, mail });
  const name = parseMailboxName(command.mailbox);
  if (!name.ok) return refused(name.error);
  const hub = await mail.value.open(name.value);
  if (!hub.ok) return refused(hub.error);
  const readOnly = command.name === 'EXAMINE';
  const view = await viewOf(hub.value, readOnly);
  await context.become({ name: 'selected', user, mail, hub: hub.value, view });
  yield* describe(context, view);
  const access = readOnly ? 'READ-ONLY' : 'READ-WRITE';
  return ok(`${command.name} completed.`, { code: access });
}

/** The share of the mailbox is the session's from the next state on; until then it is given back where this breaks. */
async function viewOf(hub: Lease<Hub>, readOnly: boolean): Promise<View> {
  try {
    return new View(hub.value, readOnly);
  } catch (error) {
    await hub.release();
    throw error;
  }
}

async function* describe(context: Context, view: View): AsyncGenerator<Response, void, void> {
  const { mailbox } = view.hub;
  const keywords = mailbox.keywords();
  yield { type: 'flags', flags: allFlags(keywords) };
  yield { type: 'exists', count: view.count };
  yield { type: 'recent', count: view.recent };
  const seq = await firstUnseen(context, view);
  if (seq !== undefined) yield status({ code: 'UNSEEN', value: seq }, 'First unseen message.');
  yield permanentFlags(keywords, view.readOnly);
  yield status({ code: 'UIDVALIDITY', value: mailbox.uidValidity }, 'UIDs are valid.');
  yield status({ code: 'UIDNEXT', value: mailbox.uidNext }, 'Predicted next UID.');
}

async function firstUnseen(context: Context, view: View): Promise<SeqNum | undefined> {
  for (let seq = 1; seq <= view.count; seq += STATES_AT_ONCE) {
    for (const { uid, flags } of view.hub.mailbox.states(view.uidsBetween(seq, seq + STATES_AT_ONCE - 1)))
      if (!flags.has('\\Seen')) return view.seqOf(uid);
    await context.breathe();
  }
  return undefined;
}

function status(code: { code: 'UNSEEN' | 'UIDVALIDITY' | 'UIDNEXT'; value: number }, text: string): Response {
  return { type: 'untagged', condition: 'OK', code, text };
}

/** CLOSE removes what is \Deleted without a word, and leaves the mailbox. */
export async function close(context: Context, _command: unknown, selected: Selected): Promise<Outcome> {
  const { user, mail, view } = selected;
  const removed = view.readOnly ? undefined : await view.hub.mailbox.expunge();
  await context.become({ name: 'authenticated', user, mail });
  return removed === undefined || removed.ok ? ok('CLOSE completed.') : refused(removed.error);
}
