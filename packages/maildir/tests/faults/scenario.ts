/** Every operation that writes, once or twice, with what it promises: what `crash-points.test.ts` cuts the power in. */
import { INBOX, type Mailbox, type MaildirStore, type Uid } from '../../src/index.ts';
import { name, value } from '../helpers.ts';
import type { CrashRig, WorldDraft } from './crash-rig.ts';
import { type Underway, type World, whole } from './world.ts';

const WORK = 'Work';

/** These messages, of which so many may be there while nothing is answered. */
const messages = (identities: readonly string[], min: number, max: number): Underway => ({
  messages: Object.fromEntries(identities.map((identity) => [identity, { min, max }])),
  mailboxes: [],
});

/** The mailbox, which must be known. */
function box(world: WorldDraft, mailbox: string): WorldDraft[string] {
  const known = world[mailbox];
  if (known === undefined) throw new Error(`${mailbox} is not known.`);
  return known;
}

function land(world: WorldDraft, mailbox: string, identity: string, uid: number, flags: string): void {
  const known = box(world, mailbox);
  known.messages[identity] = { uid, flags: [flags] };
  known.highestUid = Math.max(known.highestUid, uid);
}

/** Two mailboxes with some messages: half of them in new/. */
export async function prepare(store: MaildirStore): Promise<World> {
  const world: WorldDraft = {};
  value(await store.create(name(WORK)));
  for (const mailbox of [INBOX, name(WORK)]) {
    for (let count = 0; count < 10; count += 1) {
      const identity = `${mailbox}-${count}`;
      const flags = count % 2 === 0 ? ['\\Seen'] : [];
      const { uid, uidValidity } = value(await store.append(mailbox, { content: whole(identity), flags }));
      world[mailbox] ??= { uidValidity, highestUid: 0, highestModSeq: 0, messages: {} };
      land(world, mailbox, identity, uid, flags.join(' '));
    }
  }
  return world;
}

async function append(rig: CrashRig, store: MaildirStore, mailbox: string, flags: readonly string[]): Promise<void> {
  const identity = `appended-${mailbox}-${flags.length}`;
  await rig.perform(`append to ${mailbox}`, messages([identity], 0, 1), async (answered) => {
    const { uid } = value(await store.append(name(mailbox), { content: whole(identity), flags }));
    answered((world) => land(world, mailbox, identity, uid, flags.join(' ')));
  });
}

/** Deliveries at the same time may share their syncs: none may be answered by the sync of another. */
async function deliverTogether(rig: CrashRig, store: MaildirStore): Promise<void> {
  const identities = ['together-1', 'together-2', 'together-3'];
  await rig.perform('three deliveries at once', messages(identities, 0, 1), async (answered) => {
    const one = async (identity: string): Promise<void> => {
      const { uid } = value(await store.append(INBOX, { content: whole(identity) }));
      answered((world) => land(world, INBOX, identity, uid, ''), [identity]);
    };
    await Promise.all(identities.map(one));
  });
}

async function appendAll(rig: CrashRig, store: MaildirStore): Promise<void> {
  const identities = ['all-1', 'all-2', 'all-3'];
  await rig.perform('appendAll', messages(identities, 0, 1), async (answered) => {
    const contents = identities.map((identity) => ({ content: whole(identity), flags: ['\\Flagged'] }));
    const { uids } = value(await store.appendAll(INBOX, contents));
    answered((world) => {
      for (const [at, identity] of identities.entries()) land(world, INBOX, identity, uids[at] ?? 0, '\\Flagged');
    });
  });
}

interface Known {
  readonly uid: Uid;
  readonly identity: string;
}

/** The messages of the start that are still where they were, under these numbers. */
function known(rig: CrashRig, inbox: Mailbox, numbers: readonly number[]): Known[] {
  const wanted = numbers.map((number) => ({
    identity: `INBOX-${number}`,
    uid: rig.world.INBOX?.messages[`INBOX-${number}`]?.uid,
  }));
  return [...inbox.states()].flatMap(({ uid }) =>
    wanted.flatMap((one) => (one.uid === uid ? [{ uid, identity: one.identity }] : [])),
  );
}

async function store(rig: CrashRig, inbox: Mailbox, numbers: readonly number[], flag: string): Promise<void> {
  const chosen = known(rig, inbox, numbers);
  const was = (identity: string): string[] => rig.world.INBOX?.messages[identity]?.flags.slice() ?? [];
  const after = (identity: string): string =>
    [...new Set([...(was(identity)[0] ?? '').split(' '), flag])]
      .filter((one) => one !== '')
      .sort()
      .join(' ');
  const settled = new Map(chosen.map(({ identity }) => [identity, after(identity)]));
  const allow = (world: WorldDraft, isSettled: boolean): void => {
    for (const [identity, flags] of settled) {
      const message = box(world, INBOX).messages[identity];
      if (message !== undefined) message.flags = isSettled ? [flags] : [...message.flags, flags];
    }
  };
  await rig.perform(`store ${flag}`, messages([], 0, 0), async (answered) => {
    const synced = rig.nextSync('/cur');
    rig.looseFlags();
    answered((world) => allow(world, false)); // while nothing is answered, either is right
    const uids = chosen.map(({ uid }) => uid);
    const { changed } = value(await inbox.store(uids, { operation: 'add', flags: [flag] }));
    answered((world) => {
      allow(world, false);
      box(world, INBOX).highestModSeq = Math.max(...changed.map(({ modSeq }) => modSeq));
    });
    await synced;
    rig.settleFlags((world) => allow(world, true));
  });
}

async function copy(rig: CrashRig, inbox: Mailbox, numbers: readonly number[]): Promise<void> {
  const chosen = known(rig, inbox, numbers);
  await rig.perform(
    'copy',
    messages(
      chosen.map(({ identity }) => identity),
      1,
      2,
    ),
    async (answered) => {
      const { pairs } = value(
        await inbox.copy(
          chosen.map(({ uid }) => uid),
          name(WORK),
        ),
      );
      answered((world) => {
        for (const { identity, uid } of chosen) {
          const flags = box(world, INBOX).messages[identity]?.flags[0] ?? '';
          land(world, WORK, identity, pairs.find(({ source }) => source === uid)?.destination ?? 0, flags);
        }
      });
    },
  );
}

/** A failure before the answer may leave a message in both mailboxes, where a rename is no one thing to the disk; never in none. */
async function move(rig: CrashRig, inbox: Mailbox, numbers: readonly number[]): Promise<void> {
  const chosen = known(rig, inbox, numbers);
  await rig.perform(
    'move',
    messages(
      chosen.map(({ identity }) => identity),
      1,
      2,
    ),
    async (answered) => {
      const { pairs } = value(
        await inbox.move(
          chosen.map(({ uid }) => uid),
          name(WORK),
        ),
      );
      answered((world) => {
        for (const { identity, uid } of chosen) {
          const flags = box(world, INBOX).messages[identity]?.flags[0] ?? '';
          delete box(world, INBOX).messages[identity];
          land(world, WORK, identity, pairs.find(({ source }) => source === uid)?.destination ?? 0, flags);
        }
      });
    },
  );
}

async function expunge(rig: CrashRig, inbox: Mailbox, numbers: readonly number[]): Promise<void> {
  await store(rig, inbox, numbers, '\\Deleted');
  const chosen = known(rig, inbox, numbers).map(({ identity }) => identity);
  await rig.perform('expunge', messages(chosen, 0, 1), async (answered) => {
    value(await inbox.expunge());
    answered((world) => {
      for (const identity of chosen) delete box(world, INBOX).messages[identity];
    });
  });
}

async function create(rig: CrashRig, mail: MaildirStore, mailbox: string): Promise<void> {
  await rig.perform(`create ${mailbox}`, { messages: {}, mailboxes: [mailbox] }, async (answered) => {
    value(await mail.create(name(mailbox)));
    answered((world) => {
      world[mailbox] = { uidValidity: 0, highestUid: 0, highestModSeq: 0, messages: {} };
    });
  });
  const { uidValidity } = value(await mail.status(name(mailbox)));
  rig.promise((world) => {
    box(world, mailbox).uidValidity = uidValidity;
  });
}

async function rename(rig: CrashRig, mail: MaildirStore, from: string, to: string): Promise<void> {
  const moving = Object.keys(rig.world[from]?.messages ?? {});
  await rig.perform(`rename ${from}`, { ...messages(moving, 1, 1), mailboxes: [from, to] }, async (answered) => {
    value(await mail.rename(name(from), name(to)));
    answered((world) => {
      world[to] = box(world, from);
      delete world[from];
    });
  });
}

async function remove(rig: CrashRig, mail: MaildirStore, mailbox: string): Promise<void> {
  const going = Object.keys(rig.world[mailbox]?.messages ?? {});
  await rig.perform(`delete ${mailbox}`, { ...messages(going, 0, 1), mailboxes: [mailbox] }, async (answered) => {
    value(await mail.delete(name(mailbox)));
    answered((world) => {
      delete world[mailbox];
    });
  });
}

/** All of it, one after the other. */
export async function everyOperation(rig: CrashRig, mail: MaildirStore): Promise<void> {
  await append(rig, mail, INBOX, []);
  await append(rig, mail, WORK, ['\\Answered']);
  await deliverTogether(rig, mail);
  await appendAll(rig, mail);
  const inbox = value(await mail.open(INBOX));
  await append(rig, mail, INBOX, ['\\Draft']);
  await store(rig, inbox, [0, 1, 2, 3], '\\Flagged');
  await copy(rig, inbox, [0, 1]);
  await move(rig, inbox, [2, 3]);
  await expunge(rig, inbox, [4, 5]);
  await inbox.close();
  await create(rig, mail, 'Fresh');
  await append(rig, mail, 'Fresh', []);
  await rename(rig, mail, 'Fresh', 'Newer');
  await append(rig, mail, 'Newer', ['\\Seen']);
  await remove(rig, mail, 'Newer');
}
