// A process of ours that changes mail in every way: own.ts NUMBER MAILDIR INDEX SEED
import {
  INBOX,
  type Mailbox,
  type MailboxName,
  openMailStore,
  parseMailboxName,
  type StoreResult,
  type Uid,
} from '../../../src/index.ts';
import { randomFrom } from '../../faults/random.ts';
import { identityIn, whole } from '../../faults/world.ts';
import { count, pick, say, tally, value, work } from './talk.ts';

const [, , self = '', maildir = '', indexFile = '', seed = ''] = process.argv;
const random = randomFrom(Number(seed));
const name = (text: string): MailboxName => value(parseMailboxName(text));
const STABLE = [INBOX, name('Work'), name('Archive')];
const ROAMING = [name('Roam-a'), name('Roam-b')];
/** What an operation may be refused with while others rename folders and files. */
const REFUSED = ['no-such-mailbox', 'mailbox-exists', 'unavailable', 'vanished'];

const store = value(await openMailStore({ maildir, indexFile }));
const open: Mailbox[] = [];
for (const one of STABLE) open.push(value(await store.open(one)));
let made = 0;
const fresh = (): string => {
  made += 1;
  return `own-${self}-${seed}-${made}`;
};

const isStable = (box: MailboxName): boolean => STABLE.includes(box);

/** The value, or undefined where others were in the way. */
function allowed<T>(result: StoreResult<T>, boxes: readonly MailboxName[], done: Map<string, number>): T | undefined {
  if (result.ok) return result.value;
  const { code, message } = result.error;
  tally(done, `refused: ${code}`);
  const isExplained = REFUSED.includes(code) && (code === 'unavailable' || !boxes.every(isStable));
  if (!isExplained) say({ wrong: `${boxes.join(' to ')}: ${code}: ${message}` });
  return undefined;
}

const known = new Map<string, string>();

/** Whose content a UID has; undefined when it is gone. */
async function identify(box: Mailbox, uid: Uid): Promise<string | undefined> {
  const key = `${box.name} ${box.uidValidity} ${uid}`;
  const before = known.get(key);
  if (before !== undefined && random() < 0.9) return before;
  const opened = await box.open(uid);
  if (!opened.ok) return before;
  const identity = identityIn(Buffer.from(await opened.value.read()).toString('latin1'));
  await opened.value.close();
  if (identity === undefined) {
    say({ wrong: `UID ${uid} of ${box.name} is not whole` });
    return undefined;
  }
  known.set(key, identity);
  say({ seen: [box.name, box.uidValidity, uid, identity] });
  return identity;
}

async function some(box: Mailbox, most: number): Promise<Map<Uid, string>> {
  const chosen = new Map<Uid, string>();
  const uids = [...box.states()].map(({ uid }) => uid);
  for (let left = most; left > 0; left -= 1) {
    const uid = pick(random, uids);
    const identity = uid === undefined ? undefined : await identify(box, uid);
    if (uid !== undefined && identity !== undefined) chosen.set(uid, identity);
  }
  return chosen;
}

type Act = (box: Mailbox, done: Map<string, number>) => Promise<void>;

const append: Act = async (box, done) => {
  const target = random() < 0.3 ? (pick(random, ROAMING) ?? INBOX) : box.name;
  const identity = fresh();
  const message = { content: whole(identity, 10), flags: random() < 0.5 ? ['\\Seen'] : [] };
  const appended = allowed(
    await (target === box.name ? box.append(message) : store.append(target, message)),
    [target],
    done,
  );
  count(identity, appended === undefined ? 0 : 1, 1, `appended to ${target}`);
  if (appended !== undefined) say({ seen: [target, appended.uidValidity, appended.uid, identity] });
};

const appendAll: Act = async (box, done) => {
  const identities = [fresh(), fresh(), fresh()];
  const appended = allowed(
    await store.appendAll(
      box.name,
      identities.map((one) => ({ content: whole(one, 10) })),
    ),
    [box.name],
    done,
  );
  for (const [at, identity] of identities.entries()) {
    count(identity, appended === undefined ? 0 : 1, 1, `appended with others to ${box.name}`);
    if (appended !== undefined) say({ seen: [box.name, appended.uidValidity, appended.uids[at] ?? 0, identity] });
  }
};

const flag: Act = async (box, done) => {
  const flags = [
    pick(random, ['\\Seen', '\\Flagged', '\\Answered', '\\Deleted', '\\Deleted', '\\Draft', 'later']) ?? '',
  ];
  const operation = pick(random, ['add', 'add', 'remove'] as const) ?? 'add';
  allowed(await box.store([...(await some(box, 5)).keys()], { operation, flags }), [box.name], done);
};

const copy: Act = async (box, done) => {
  const chosen = await some(box, 2);
  const target = pick(random, [...STABLE, ...ROAMING]) ?? INBOX;
  const copied = allowed(await box.copy([...chosen.keys()], target), [box.name, target], done);
  for (const [uid, identity] of chosen) {
    const isCopied = copied?.pairs.some(({ source }) => source === uid) ?? false;
    if (isCopied || copied === undefined) count(identity, isCopied ? 1 : 0, 1, `copied from ${box.name} to ${target}`);
  }
  for (const { source, destination } of copied?.pairs ?? []) {
    say({ seen: [target, copied?.uidValidity ?? 0, destination, chosen.get(source) ?? ''] });
  }
};

const move: Act = async (box, done) => {
  const chosen = await some(box, 4);
  const target =
    pick(
      random,
      [...STABLE, ...ROAMING].filter((one) => one !== box.name),
    ) ?? INBOX;
  const moved = allowed(await box.move([...chosen.keys()], target), [box.name, target], done);
  for (const { source, destination } of moved?.pairs ?? []) {
    say({ seen: [target, moved?.uidValidity ?? 0, destination, chosen.get(source) ?? ''] });
  }
};

const expunge: Act = async (box, done) => {
  const marked = new Map<Uid, string>();
  for (const { uid, flags } of [...box.states()].slice(0, 200)) {
    if (!flags.has('\\Deleted')) continue;
    const identity = await identify(box, uid);
    if (identity !== undefined) marked.set(uid, identity);
  }
  const gone = allowed(await box.expunge([...marked.keys()]), [box.name], done);
  for (const [uid, identity] of marked) {
    if (gone?.includes(uid) ?? true) count(identity, -1, gone === undefined ? 0 : -1, `expunged from ${box.name}`);
  }
};

const rename: Act = async (_box, done) => {
  const [from = INBOX, to = INBOX] = random() < 0.5 ? ROAMING : ROAMING.toReversed();
  allowed(await store.rename(from, to), ROAMING, done);
};

/** Looks at any mailbox that is listed: others may just be removing it. */
const look: Act = async (_box, done) => {
  const listed = allowed(await store.list(), [INBOX], done) ?? [];
  const one = pick(
    random,
    listed.filter(({ selectable }) => selectable),
  );
  if (one !== undefined) allowed(await store.status(one.name), [one.name], done);
};

/** A mailbox of our own: made, filled, renamed, looked at, deleted. */
const mailbox: Act = async (_box, done) => {
  const [first, second] = [name(`Own-${fresh()}`), name(`Own-${fresh()}`)];
  allowed(await store.create(first), [INBOX], done);
  const identity = fresh();
  const appended = allowed(await store.append(first, { content: whole(identity) }), [INBOX], done);
  if (appended !== undefined) count(identity, 1, 1, `appended to ${first}`);
  allowed(await store.rename(first, second), [INBOX], done);
  const status = allowed(await store.status(second), [INBOX], done);
  if (status !== undefined && status.messages !== 1)
    say({ wrong: `${second} should hold one message and holds ${status.messages}` });
  const deleted = await store.delete(second);
  allowed(deleted, [INBOX], done);
  count(identity, -1, deleted.ok ? -1 : 0, `deleted with ${second}`);
};

const ACTS: readonly (readonly [number, string, Act])[] = [
  [0.28, 'append', append],
  [0.34, 'appendAll', appendAll],
  [0.6, 'store', flag],
  [0.65, 'copy', copy],
  [0.78, 'move', move],
  [0.9, 'expunge', expunge],
  [0.93, 'rename', rename],
  [0.96, 'look', look],
  [1, 'mailbox', mailbox],
];

await work(random, async (done) => {
  const choice = random();
  const [, what, act] = ACTS.find(([limit]) => choice < limit) ?? [1, 'append', append];
  const box = pick(random, open);
  if (box === undefined) throw new Error('No mailbox is open.');
  await act(box, done);
  tally(done, what);
});
await store.close();
