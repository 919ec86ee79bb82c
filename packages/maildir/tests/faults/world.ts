/** What a store has promised, and whether a store that was opened after a crash keeps it. Messages are known by their content. */
import type { Mailbox, MailStore } from '../../src/index.ts';
import { name, value } from '../helpers.ts';

/** A message as it was answered; several sets of flags where either is right. */
interface Promised {
  readonly uid: number;
  readonly flags: readonly string[];
}

interface PromisedMailbox {
  readonly uidValidity: number;
  /** The highest UID that was answered, of a message that is gone by now as well. */
  readonly highestUid: number;
  /** The highest modification sequence that was answered. */
  readonly highestModSeq: number;
  readonly messages: Readonly<Record<string, Promised>>;
}

export type World = Readonly<Record<string, PromisedMailbox>>;

/** What an operation that was not answered may have done: how often each of these messages may be there, in all mailboxes. */
export interface Underway {
  readonly messages: Readonly<Record<string, { readonly min: number; readonly max: number }>>;
  /** Mailboxes that may be there or not, with all their messages. */
  readonly mailboxes: readonly string[];
}

export const NOTHING: Underway = { messages: {}, mailboxes: [] };

const END = 'end of ';

/** A message whose wholeness can be seen. */
export function whole(identity: string, lines = 40): Uint8Array {
  const body = `A line of ${identity}.\n`.repeat(lines);
  return Buffer.from(`Subject: ${identity}\nX-Identity: ${identity}\n\n${body}${END}${identity}\n`);
}

/** The identity of a message, by its content with either line ends; undefined where it is not whole. */
export function identityIn(text: string): string | undefined {
  const identity = /^X-Identity: (\S+)\r?$/m.exec(text)?.[1];
  if (identity === undefined) return undefined;
  const bare = text.replaceAll('\r\n', '\n');
  const lines = bare.split(`A line of ${identity}.\n`).length - 1;
  return bare === Buffer.from(whole(identity, lines)).toString() && lines > 0 ? identity : undefined;
}

export interface Found {
  readonly uid: number;
  readonly identity: string | undefined;
  readonly flags: readonly string[];
}

/** Reads every message of an open mailbox. */
export async function readAll(mailbox: Mailbox): Promise<Found[]> {
  const found: Found[] = [];
  for (const { uid, flags } of [...mailbox.states()]) {
    const content = value(await mailbox.open(uid));
    const text = Buffer.from(await content.read()).toString('latin1');
    await content.close();
    found.push({ uid, identity: identityIn(text), flags: [...flags].sort() });
  }
  return found;
}

type Picture = ReadonlyMap<
  string,
  { readonly uidValidity: number; readonly uidNext: number; readonly found: readonly Found[] }
>;

async function pictureOf(store: MailStore): Promise<Picture> {
  const picture = new Map();
  for (const info of value(await store.list())) {
    if (!info.selectable) continue;
    const mailbox = value(await store.open(info.name));
    const { uidValidity } = mailbox;
    picture.set(info.name, { uidValidity, found: await readAll(mailbox), uidNext: mailbox.uidNext });
    await mailbox.close();
  }
  return picture;
}

function* brokenIn(
  box: string,
  promised: PromisedMailbox,
  there: NonNullable<ReturnType<Picture['get']>>,
  underway: Underway,
): Generator<string> {
  if (promised.uidValidity !== 0 && there.uidValidity !== promised.uidValidity) {
    // A folder that was not yet where the index says is taken in anew: nothing is mistaken for anything else.
    if (!underway.mailboxes.includes(box)) yield `${box} has another UIDVALIDITY`;
    if (there.uidValidity < promised.uidValidity) yield `${box} has a lower UIDVALIDITY`;
  }
  for (const [identity, { uid, flags }] of Object.entries(promised.messages)) {
    if (identity in underway.messages) continue;
    const one = there.found.find((found) => found.identity === identity);
    if (one === undefined) yield `${box}: ${identity} is lost`;
    else if (one.uid !== uid) yield `${box}: ${identity} had UID ${uid} and has ${one.uid}`;
    else if (!flags.includes(one.flags.join(' ')))
      yield `${box}: ${identity} should have ${flags.join(' or ')}, has ${one.flags.join(' ')}`;
  }
  const identities = new Set<string>();
  for (const { uid, identity } of there.found) {
    if (identity === undefined) yield `${box}: the message of UID ${uid} is not whole`;
    else if (identities.has(identity)) yield `${box}: ${identity} is there twice`;
    else if (!(identity in promised.messages) && !(identity in underway.messages))
      yield `${box}: ${identity} came back`;
    if (identity !== undefined) identities.add(identity);
    if (
      promised.messages[identity ?? '']?.uid !== uid &&
      Object.values(promised.messages).some((one) => one.uid === uid)
    ) {
      yield `${box}: UID ${uid} names another message`;
    }
  }
}

/** What was found of a world, and in which points that is not what was promised. */
export interface Examination {
  readonly broken: readonly string[];
  /** What is there now: what may be promised from here on. */
  readonly world: World;
}

function* brokenTogether(picture: Picture, world: World, underway: Underway): Generator<string> {
  for (const [box, promised] of Object.entries(world)) {
    const there = picture.get(box);
    if (there !== undefined) yield* brokenIn(box, promised, there, underway);
    else if (!underway.mailboxes.includes(box)) yield `the mailbox ${box} is lost`;
  }
  for (const box of picture.keys()) {
    if (!(box in world) && !underway.mailboxes.includes(box)) yield `the mailbox ${box} came back`;
  }
  for (const [identity, { min, max }] of Object.entries(underway.messages)) {
    const count = [...picture.values()].flatMap(({ found }) => found).filter((one) => one.identity === identity).length;
    if (count < min || count > max) yield `${identity} is there ${count} times, which should be ${min} to ${max}`;
  }
}

/** Looks at every mailbox of a store, and gives one more message to each. */
export async function examine(store: MailStore, world: World, underway: Underway): Promise<Examination> {
  const picture = await pictureOf(store);
  const broken = [...brokenTogether(picture, world, underway)];
  const now: Record<string, PromisedMailbox> = {};
  for (const [box, { found, uidValidity, uidNext }] of picture) {
    const identity = `afterwards-${box}-${uidNext}`;
    const { uid } = value(await store.append(name(box), { content: whole(identity) }));
    const { highestModSeq } = value(await store.status(name(box)));
    const promised = world[box];
    if (promised?.uidValidity === uidValidity) {
      if (uid <= promised.highestUid) broken.push(`${box}: UID ${uid} was given again`);
      if (highestModSeq <= promised.highestModSeq) broken.push(`${box}: sequence ${highestModSeq} was given again`);
    }
    const messages = Object.fromEntries(
      found.map((one) => [one.identity ?? '', { uid: one.uid, flags: [one.flags.join(' ')] }]),
    );
    messages[identity] = { uid, flags: [''] };
    now[box] = { uidValidity, highestUid: uid, highestModSeq, messages };
  }
  return { broken, world: now };
}
