/**
 * Searches a user's mail beside everything that goes on with it. In slices, and no further than the answer takes: flags and UIDs,
 * then dates and sizes, then what the text index knows, and at last the messages themselves.
 */
import type { FolderReader, MailboxName, MailReader, ReadMessage, Uid } from '@scorpiox/maildir';
import type { Config } from '@scorpiox/shared/config';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { type Failure, systemErrorCode } from '../../failure.ts';
import { findMailbox, type Named, type Opened, withReader } from '../read/reader.ts';
import { Content } from './content.ts';
import { type Known, match } from './match.ts';
import { asksFacts, type Query, type TextTerm, textTerms } from './term.ts';

/** A message that was found. A type rather than an interface: only those are records of printable values. */
export type Hit = {
  readonly mailbox: string;
  /** Null where no server has looked at it yet. */
  readonly uid: number | null;
  /** INTERNALDATE, ISO 8601. */
  readonly date: string;
  readonly from: string;
  readonly subject: string;
};

export interface SearchRequest {
  readonly user: string;
  readonly query: Query;
  /** The search ends with so many hits. */
  readonly most: number;
  readonly signal: AbortSignal;
  readonly onProgress: (looked: number) => void;
}

export interface Found {
  readonly hits: readonly Hit[];
  /** Whether it ended because there were as many as were asked for. */
  readonly isCut: boolean;
  /** Messages that could not be read, which may have been hits. */
  readonly unreadable: number;
}

/** The messages that the query means, mailbox by mailbox, in each ascending by UID. */
export function searchMail(config: Config, request: SearchRequest): Promise<Result<Found, Failure>> {
  return withReader(config, request.user, async (opened) => {
    const mailboxes = await mailboxesOf(opened, request.query);
    if (!mailboxes.ok) return mailboxes;
    const search = new Search(opened.reader, request);
    try {
      for (const mailbox of mailboxes.value) if (!(await search.add(mailbox))) break;
    } catch (error) {
      if (!request.signal.aborted) throw error;
      return err({ kind: 'interrupted', message: 'Stopped.' });
    }
    return ok(search.found);
  });
}

async function mailboxesOf(opened: Opened, { mailboxes }: Query): Promise<Result<readonly Named[], Failure>> {
  const names = mailboxes.length > 0 ? mailboxes : (await opened.reader.mailboxes()).map(({ name }) => name);
  const found: Named[] = [];
  for (const name of names) {
    const one = findMailbox(opened, name);
    if (!one.ok) return one;
    if (!found.some((other) => other.name === one.value.name)) found.push(one.value);
  }
  return ok(found);
}

/** A message on its way through the search. */
type Candidate = Known & { readonly message: ReadMessage };

const NOTHING = (): undefined => undefined;

class Search {
  readonly #reader: MailReader;
  readonly #request: SearchRequest;
  readonly #texts: readonly TextTerm[];
  readonly #hits: Hit[] = [];
  #looked = 0;
  #unreadable = 0;
  #isCut = false;

  constructor(reader: MailReader, request: SearchRequest) {
    this.#reader = reader;
    this.#request = request;
    this.#texts = textTerms(request.query.term);
  }

  get found(): Found {
    return { hits: this.#hits, isCut: this.#isCut, unreadable: this.#unreadable };
  }

  /** Adds the hits of a mailbox; false where there are enough. */
  async add({ name, folder }: Named): Promise<boolean> {
    for await (const slice of folder.messages(this.#request.signal)) {
      let left = this.#possible(slice.map((message) => ({ ...message, message, holds: NOTHING })));
      if (asksFacts(this.#request.query.term)) left = this.#possible(await withFacts(folder, left));
      left = this.#possible(await this.#withTexts(name, left));
      for (const candidate of left) {
        this.#request.signal.throwIfAborted();
        if (this.#hits.length >= this.#request.most) {
          this.#isCut = true;
          return false;
        }
        await this.#look(name, folder, candidate);
      }
      this.#looked += slice.length;
      this.#request.onProgress(this.#looked);
    }
    return true;
  }

  #possible(candidates: readonly Candidate[]): readonly Candidate[] {
    return candidates.filter((candidate) => match(this.#request.query.term, candidate) !== false);
  }

  /** Asks the text index for one text after the other, each only of those messages on which the answer still hangs. */
  async #withTexts(name: MailboxName, candidates: readonly Candidate[]): Promise<readonly Candidate[]> {
    const answers = new Map<TextTerm, ReadonlyMap<Uid, boolean>>();
    const known = candidates.map((candidate): Candidate => {
      const { uid } = candidate.message;
      if (uid === undefined) return candidate; // the index knows nothing of a file without a UID
      return { ...candidate, holds: (term) => answers.get(term)?.get(uid) };
    });
    for (const term of this.#texts) {
      const open = known.filter((one) => match(this.#request.query.term, one) === undefined);
      const uids = open.flatMap(({ message }) => message.uid ?? []);
      if (uids.length === 0 || term.text === '') continue;
      const { hits, unindexed } = await this.#reader.findText(name, uids, term.text, term.scope);
      const told = uids.filter((uid) => !unindexed.has(uid)).map((uid) => [uid, hits.has(uid)] as const);
      answers.set(term, new Map(told));
    }
    return known;
  }

  /** Reads the message where the answer still hangs on it, and what is shown of a hit. */
  async #look(name: MailboxName, folder: FolderReader, candidate: Candidate): Promise<void> {
    const { message } = candidate;
    try {
      await Content.of(folder, message, async (content) => {
        if (!(await this.#isHit(candidate, content))) return;
        const [from, subject] = [await content.field('from'), await content.field('subject')];
        const date = new Date(candidate.facts?.internalDate ?? content.internalDate).toISOString();
        this.#hits.push({
          mailbox: name,
          uid: message.uid ?? null,
          date,
          from: oneLine(from),
          subject: oneLine(subject),
        });
      });
    } catch (error) {
      if (systemErrorCode(error) === undefined) throw error;
      this.#unreadable += 1;
    }
  }

  async #isHit(candidate: Candidate, content: Content): Promise<boolean> {
    const { term } = this.#request.query;
    const read = new Map<TextTerm, boolean>();
    let known: Candidate = { ...candidate, holds: (text) => read.get(text) ?? candidate.holds(text) };
    if (match(term, known) === undefined) known = { ...known, sentOn: await content.sentOn() };
    for (const text of this.#texts) {
      if (match(term, known) !== undefined) break;
      if (known.holds(text) === undefined) read.set(text, await content.holds(text));
    }
    return match(term, known) === true;
  }
}

async function withFacts(folder: FolderReader, candidates: readonly Candidate[]): Promise<readonly Candidate[]> {
  const known: Candidate[] = [];
  for (const candidate of candidates) {
    const facts = await folder.facts(candidate.message);
    if (facts !== undefined) known.push({ ...candidate, facts }); // without, it is gone
  }
  return known;
}

/** A decoded field may hold line ends of its own, and NULs between values that were put together. */
const oneLine = (text: string): string => text.replace(/[\0\r\n\t]+/g, ' ').trim();
