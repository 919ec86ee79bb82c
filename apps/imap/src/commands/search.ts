/** SEARCH and UID SEARCH (RFC 3501 §6.4.4). */

import { type Candidate, matchAtHand, matchesSearch, type SearchProgram, searchProgram } from '../mailbox/match.ts';
import { OpenedMessage, Unreadable } from '../mailbox/opened-message.ts';
import { isIndexReplaced, type MessageRecord } from '../mailbox/store.ts';
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
  const program = searchProgram(command.criteria, { seq: view.last(false), uid: view.last(true) });
  for (let place = 1; place <= view.count; place += 1) {
    const seq = place as SeqNum; // a place between 1 and the view's count
    const record = view.hub.record(view.uidAt(seq) ?? 0);
    if (record !== undefined && (await isMatch(context, view, program, { seq, record }))) {
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
}

async function isMatch(context: Context, view: View, program: SearchProgram, place: Place): Promise<boolean> {
  const message = new OpenedMessage(view.hub, place.record, () => context.breathe());
  const candidate = candidateOf(view, place, message);
  const atHand = matchAtHand(program, candidate);
  if (atHand !== undefined) return atHand;
  try {
    return await matchesSearch(program, candidate);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    if (isIndexReplaced(error)) throw error; // there is nothing to go on with
    if (error.reason.code !== 'vanished') {
      context.report(`A message could not be searched: ${error.reason.code}.`, error.cause);
    }
    return false; // what cannot be read is not found
  } finally {
    await message.close();
  }
}

function candidateOf(view: View, { seq, record }: Place, message: OpenedMessage): Candidate {
  return {
    seq,
    uid: record.uid,
    flags: record.flags,
    recent: view.isRecent(record.uid),
    internalDate: record.internalDate,
    size: record.size,
    header: () => message.header(),
    text: (scope) => message.text(scope),
  };
}
