/** SEARCH and UID SEARCH (RFC 3501 §6.4.4). */

import { type Candidate, matchAtHand, matchesSearch } from '../mailbox/match.ts';
import { OpenedMessage, Unreadable } from '../mailbox/opened-message.ts';
import type { MessageRecord } from '../mailbox/store.ts';
import type { View } from '../mailbox/view.ts';
import type { CommandOf, SeqNum } from '../wire/command.ts';
import type { Response } from '../wire/response.ts';
import { type Context, type Outcome, ok, type Selected } from './context.ts';

export async function* search(
  context: Context,
  command: CommandOf<'SEARCH'>,
  { view }: Selected,
): AsyncGenerator<Response, Outcome, void> {
  const numbers: number[] = [];
  const scope = { lastSeq: view.last(false), lastUid: view.last(true) };
  for (let place = 1; place <= view.count; place += 1) {
    const seq = place as SeqNum; // a place between 1 and the view's count
    const record = view.hub.record(view.uidAt(seq) ?? 0);
    if (record !== undefined && (await isMatch(context, view, command, { seq, record, ...scope }))) {
      numbers.push(command.uid ? record.uid : seq);
    }
    await context.breathe();
  }
  yield { type: 'search', numbers };
  return ok('SEARCH completed.');
}

interface Place {
  readonly seq: SeqNum;
  readonly record: MessageRecord;
  readonly lastSeq: number;
  readonly lastUid: number;
}

async function isMatch(
  context: Context,
  view: View,
  { criteria }: CommandOf<'SEARCH'>,
  place: Place,
): Promise<boolean> {
  const message = new OpenedMessage(view.hub, place.record);
  const candidate = candidateOf(view, place, message);
  const atHand = matchAtHand(criteria, candidate);
  if (atHand !== undefined) return atHand;
  try {
    return await matchesSearch(criteria, candidate);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    if (error.reason.code !== 'vanished') context.report(`A message could not be searched: ${error.reason.code}.`);
    return false; // what cannot be read is not found
  } finally {
    await message.close();
  }
}

function candidateOf(view: View, { seq, record, lastSeq, lastUid }: Place, message: OpenedMessage): Candidate {
  return {
    seq,
    uid: record.uid,
    lastSeq,
    lastUid,
    flags: record.flags,
    recent: view.isRecent(record.uid),
    internalDate: record.internalDate,
    size: record.size,
    header: () => message.header(),
    text: (scope) => message.text(scope),
  };
}
