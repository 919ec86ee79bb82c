// A process of ours that only looks: observer.ts HOW MAILDIR INDEX, HOW being `events` or `changes`
// It opens each mailbox once and keeps a picture of it by what it is told. A line on stdin, `{"INBOX": ["<identity> <flags>", …]}`,
// asks it to say when its picture is that; it answers `{"agrees": true}`, or after a while what differs.
import { createInterface } from 'node:readline';
import { INBOX, type Mailbox, type MessageState, openMailStore, parseMailboxName } from '../../../src/index.ts';
import { identityIn } from '../../faults/world.ts';
import { say, value } from './talk.ts';

const [, , how = '', maildir = '', indexFile = ''] = process.argv;
/** An observer that has not heard of a change by then, milliseconds, does not hear of it. */
const PATIENCE = 15_000;
const NAMES = [INBOX, value(parseMailboxName('Work')), value(parseMailboxName('Archive'))];

const systemFlags = (flags: Iterable<string>): string =>
  [...flags]
    .filter((flag) => flag.startsWith('\\'))
    .sort()
    .join(' ');

class Picture {
  readonly mailbox: Mailbox;
  readonly #messages = new Map<number, MessageState>();
  readonly #identities = new Map<number, string>();
  #highestUid = 0;
  /** The highest UID when all was known: what is new since has a higher one. */
  #floor = 0;

  constructor(mailbox: Mailbox) {
    this.mailbox = mailbox;
  }

  set(message: MessageState): void {
    const { uid, modSeq } = message;
    const before = this.#messages.get(uid);
    const where = `UID ${uid} of ${this.mailbox.name}`;
    if (before === undefined && uid <= this.#floor) say({ wrong: `${where} came after ${this.#floor}` });
    if (before !== undefined && modSeq < before.modSeq) say({ wrong: `the modification sequence of ${where} fell` });
    const isSame = before !== undefined && systemFlags(before.flags) === systemFlags(message.flags);
    if (before !== undefined && modSeq === before.modSeq && !isSame)
      say({ wrong: `${where} changed and kept its sequence` });
    this.#highestUid = Math.max(this.#highestUid, uid);
    this.#messages.set(uid, message);
  }

  remove(uid: number): void {
    this.#messages.delete(uid);
  }

  /** All that was there has been told. */
  settle(): void {
    this.#floor = this.#highestUid;
  }

  /** As the oracle writes it, sorted; a message that cannot be read is shown as its UID. */
  async lines(): Promise<string[]> {
    const lines: string[] = [];
    for (const [uid, { flags }] of [...this.#messages])
      lines.push(`${await this.#identity(uid)} ${systemFlags(flags)}`);
    return lines.sort();
  }

  async #identity(uid: number): Promise<string> {
    const before = this.#identities.get(uid);
    if (before !== undefined) return before;
    const state = this.#messages.get(uid);
    const opened = state === undefined ? undefined : await this.mailbox.open(state.uid);
    if (opened?.ok !== true) return `UID ${uid}`;
    const identity = identityIn(Buffer.from(await opened.value.read()).toString('latin1'));
    await opened.value.close();
    if (identity === undefined) return `UID ${uid}, not whole`;
    this.#identities.set(uid, identity);
    say({ seen: [this.mailbox.name, this.mailbox.uidValidity, uid, identity] });
    return identity;
  }
}

let heard: () => void = () => undefined;

async function byEvents(picture: Picture): Promise<void> {
  const since = picture.mailbox.highestModSeq;
  for (const message of picture.mailbox.states()) picture.set(message);
  for await (const event of picture.mailbox.events({ since })) {
    if (event.kind === 'arrived' || event.kind === 'flags') picture.set(event.message);
    else if (event.kind === 'expunged') picture.remove(event.uid);
    else if (event.kind === 'lost') say({ wrong: `${picture.mailbox.name} was lost: ${event.error.message}` });
    heard();
  }
}

function byChanges(picture: Picture): void {
  let since = picture.mailbox.highestModSeq;
  for (const message of picture.mailbox.states()) picture.set(message);
  picture.mailbox.onChange(() => {
    const changes = picture.mailbox.changesSince(since);
    if (changes.highestModSeq < since)
      say({ wrong: `${picture.mailbox.name}: the highest modification sequence fell` });
    since = changes.highestModSeq;
    for (const uid of changes.vanished) picture.remove(uid);
    for (const message of changes.changed) picture.set(message);
    picture.settle();
    heard();
  });
}

const store = value(await openMailStore({ maildir, indexFile }));
const pictures: Picture[] = [];
for (const one of NAMES) pictures.push(new Picture(value(await store.open(one))));
for (const picture of pictures) {
  if (how === 'changes') byChanges(picture);
  else
    byEvents(picture).catch((error: unknown) => say({ wrong: `events of ${picture.mailbox.name} failed: ${error}` }));
}

/** What differs between a picture and what is expected; undefined when nothing does. */
async function difference(expected: Readonly<Record<string, readonly string[]>>): Promise<string | undefined> {
  for (const picture of pictures) {
    const [mine, theirs] = [await picture.lines(), expected[picture.mailbox.name] ?? []];
    if (JSON.stringify(mine) === JSON.stringify(theirs)) continue;
    const extra = mine.filter((line) => !theirs.includes(line));
    const missing = theirs.filter((line) => !mine.includes(line));
    return `${picture.mailbox.name}: too much: ${extra.join('; ') || 'nothing'}; missing: ${missing.join('; ') || 'nothing'}`;
  }
  return undefined;
}

let told = { scans: 0, suspicions: 0, mismatches: 0 };
for await (const line of createInterface({ input: process.stdin })) {
  const expected: Record<string, string[]> = JSON.parse(line); // written by the oracle
  const deadline = performance.now() + PATIENCE;
  for (;;) {
    const changed = new Promise<void>((resolve) => {
      heard = resolve;
    });
    const differs = await difference(expected);
    const left = deadline - performance.now();
    if (differs !== undefined && left > 0) {
      const late = new Promise<void>((resolve) => setTimeout(resolve, left));
      await Promise.race([changed, late]);
      continue;
    }
    if (differs !== undefined) say({ wrong: `an observer by ${how} does not agree with the disk: ${differs}` });
    for (const picture of pictures) picture.settle();
    const { scans, suspicions, mismatches } = store.stats();
    say({
      done: {
        'observers read a folder': scans - told.scans,
        suspicions: suspicions - told.suspicions,
        mismatches: mismatches - told.mismatches,
      },
    });
    told = { scans, suspicions, mismatches };
    break;
  }
}
await store.close();
