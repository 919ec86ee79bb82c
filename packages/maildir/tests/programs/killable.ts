// Changes Maildirs in every way, at random, until it is killed: killable.ts SEED FOLDER ...
// Waits for a line on stdin, then says what it is about to do (`I`) and what was answered (`A`), a line each:
// `I 0 {…}` for the first folder. A line that was written before the kill can be read after it: it is in the kernel when the
// call returns. A stream would keep what a full pipe does not take, and lose it: then more was done than was ever said.
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { INBOX, type Mailbox, openMailStore, parseMailboxName, type StoreResult, type Uid } from '../../src/index.ts';
import { below, randomFrom } from '../faults/random.ts';
import { whole } from '../faults/world.ts';

function value<T>(result: StoreResult<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

const [, , seed = '', ...folders] = process.argv;
const WORK = value(parseMailboxName('Work'));
const COPIES = value(parseMailboxName('Copies'));
/** More messages than this in a mailbox, and it removes rather than adds. */
const MANY = 12;

const clock = new Int32Array(new SharedArrayBuffer(4));

/** Waits for the reader where the pipe is full. */
function writeAll(text: string): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(1, bytes, done);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      Atomics.wait(clock, 0, 0, 1);
    }
  }
}

async function live(folder: string, number: number): Promise<never> {
  const random = randomFrom(Number(seed) * 1_000 + number);
  const say = (kind: 'I' | 'A', what: object): void => writeAll(`${kind} ${number} ${JSON.stringify(what)}\n`);
  const store = value(await openMailStore({ maildir: join(folder, 'Maildir'), indexFile: join(folder, 'index') }));
  const [inbox, work] = [value(await store.open(INBOX)), value(await store.open(WORK))];
  let made = 0;
  const fresh = (): string => {
    made += 1;
    return `k${seed}-${number}-${made}`;
  };

  async function append(box: Mailbox): Promise<void> {
    const identity = fresh();
    const flags = random() < 0.5 ? ['\\Seen'] : [];
    say('I', { op: 'append', box: box.name, identities: [identity] });
    const { uid } = value(await box.append({ content: whole(identity, 1 + below(random, 400)), flags }));
    say('A', { op: 'append', box: box.name, landed: [[identity, uid, flags.join(' ')]] });
    if (random() > 0.3) return;
    say('I', { op: 'copy', box: box.name, identities: [identity] });
    const { pairs } = value(await box.copy([uid], COPIES));
    say('A', {
      op: 'copy',
      box: COPIES,
      landed: pairs.map(({ destination }) => [identity, destination, flags.join(' ')]),
    });
  }

  async function appendAll(box: Mailbox): Promise<void> {
    const identities = [fresh(), fresh(), fresh()];
    say('I', { op: 'appendAll', box: box.name, identities });
    const { uids } = value(
      await store.appendAll(
        box.name,
        identities.map((one) => ({ content: whole(one) })),
      ),
    );
    say('A', { op: 'appendAll', box: box.name, landed: identities.map((one, at) => [one, uids[at], '']) });
  }

  const some = (box: Mailbox): Uid[] => [...box.states()].map(({ uid }) => uid).filter(() => random() < 0.4);

  async function flag(box: Mailbox): Promise<void> {
    const flags = [['\\Flagged', '\\Deleted', '\\Deleted', 'later'][below(random, 4)] ?? ''];
    const operation = random() < 0.7 ? 'add' : 'remove';
    const uids = some(box);
    say('I', { op: 'store', box: box.name, uids, operation, flag: flags[0] });
    const { changed } = value(await box.store(uids, { operation, flags }));
    say('A', { op: 'store', box: box.name, uids: changed.map(({ uid }) => uid), modSeq: box.highestModSeq });
  }

  async function expunge(box: Mailbox): Promise<void> {
    const uids = [...box.states()].flatMap(({ uid, flags }) => (flags.has('\\Deleted') ? [uid] : []));
    say('I', { op: 'expunge', box: box.name, uids });
    say('A', { op: 'expunge', box: box.name, uids: value(await box.expunge(uids)) });
  }

  async function move(from: Mailbox, to: Mailbox): Promise<void> {
    const uids = some(from).slice(0, 4);
    say('I', { op: 'move', box: from.name, uids });
    const { pairs } = value(await from.move(uids, to.name));
    say('A', { op: 'move', box: from.name, to: to.name, pairs: pairs.map((one) => [one.source, one.destination]) });
  }

  say('A', { op: 'ready' });
  await go;
  for (;;) {
    const [box, other] = random() < 0.5 ? [inbox, work] : [work, inbox];
    const choice = box.uids().length > MANY ? 0.5 + random() / 2 : random();
    if (choice < 0.3) await Promise.all([append(box), append(other), append(box)]);
    else if (choice < 0.45) await appendAll(box);
    else if (choice < 0.7) await flag(box);
    else if (choice < 0.85) await expunge(box);
    else await move(box, other);
  }
}

const go = once(process.stdin, 'data');
await Promise.all(folders.map(live));
