/** What the text index answers of a search program's texts. Hits are taken as they are: the index has verified them. */
import { type AtHand, matchAtHand, type TextAnswers } from '../mailbox/match.ts';
import { type SearchProgram, textQueries } from '../mailbox/search-program.ts';
import { isIndexReplaced, type Uid } from '../mailbox/store.ts';
import type { View } from '../mailbox/view.ts';
import type { Context } from './context.ts';

interface Asked {
  readonly hits: ReadonlySet<number>;
  /** Those of which the index cannot tell. */
  readonly unindexed: ReadonlySet<number>;
  readonly asked: ReadonlySet<number>;
}

interface Search {
  readonly program: SearchProgram;
  readonly messages: readonly (AtHand & { readonly uid: Uid })[];
  /** Of so many messages the program is asked before others may run. */
  readonly atOnce: number;
}

/**
 * Asks the text index for one text after the other, each only about those messages on which the answer still hangs; what it
 * has not indexed stays open.
 */
export async function askTextIndex(
  context: Context,
  view: View,
  { program, messages, atOnce }: Search,
): Promise<TextAnswers> {
  const answered = new Map<unknown, Asked>();
  const texts: TextAnswers = (query, uid) => {
    const answer = answered.get(query);
    if (answer === undefined || answer.unindexed.has(uid)) return undefined;
    if (answer.hits.has(uid)) return true;
    return answer.asked.has(uid) ? false : undefined;
  };
  let open = messages;
  for (const query of textQueries(program)) {
    open = await undecided(context, open, atOnce, (message) => matchAtHand(program, message, texts));
    if (open.length === 0) break;
    const uids = open.map(({ uid }) => uid);
    const found = await view.hub.mailbox.findText(query.text, query.scope, {
      ...(uids.length < view.count ? { uids } : {}),
      ...(context.gone === undefined ? {} : { signal: context.gone }),
    });
    if (!found.ok) {
      if (isIndexReplaced(found.error)) throw Object.assign(new Error(found.error.message), { code: 'index-replaced' });
      context.report(`The text index could not be asked: ${found.error.code}.`);
      break; // the messages themselves tell
    }
    const { hits, unindexed } = found.value;
    await context.breathe();
    answered.set(query, { hits: new Set(hits), unindexed: new Set(unindexed), asked: new Set(uids) });
    await context.breathe();
  }
  return texts;
}

async function undecided<T>(
  context: Context,
  messages: readonly T[],
  atOnce: number,
  answer: (message: T) => boolean | undefined,
): Promise<readonly T[]> {
  const open: T[] = [];
  for (let first = 0; first < messages.length; first += atOnce) {
    for (const message of messages.slice(first, first + atOnce)) if (answer(message) === undefined) open.push(message);
    await context.breathe();
  }
  return open;
}
