/** Follows what a `killable.ts` says it is about to do and what it was answered, as promises to be kept after its death. */
import type { Underway, World } from './world.ts';

interface Draft {
  uidValidity: number;
  highestUid: number;
  highestModSeq: number;
  messages: Record<string, { uid: number; flags: string[] }>;
}

/** What `killable.ts` writes after `I` or `A` and the number. */
interface Line {
  readonly op: 'ready' | 'append' | 'appendAll' | 'copy' | 'store' | 'expunge' | 'move';
  readonly box: string;
  readonly identities?: readonly string[];
  readonly landed?: readonly (readonly [identity: string, uid: number, flags: string])[];
  readonly uids?: readonly number[];
  readonly operation?: 'add' | 'remove';
  readonly flag?: string;
  readonly modSeq?: number;
  readonly to?: string;
  readonly pairs?: readonly (readonly [source: number, destination: number])[];
}

const split = (flags: string): string[] => flags.split(' ').filter((flag) => flag !== '');

function changed(flags: string, operation: 'add' | 'remove', flag: string): string {
  const others = split(flags).filter((one) => one !== flag);
  return [...others, ...(operation === 'add' ? [flag] : [])].sort().join(' ');
}

export class KillJournal {
  readonly #world: Record<string, Draft>;
  readonly #underway: Record<string, { min: number; max: number }> = {};
  /** How many answers were heard. */
  answers = 0;

  constructor(world: World) {
    this.#world = structuredClone(world) as Record<string, Draft>; // a copy of our own: nobody else holds it
  }

  get world(): World {
    return this.#world;
  }

  get underway(): Underway {
    return { messages: this.#underway, mailboxes: [] };
  }

  /** Takes in a line without its kind and number. */
  read(kind: string, text: string): void {
    const line: Line = JSON.parse(text); // written by killable.ts
    if (line.op === 'ready') return;
    if (kind === 'I') this.#intend(line);
    else this.#answer(line);
  }

  #box(name: string): Draft {
    const box = this.#world[name];
    if (box === undefined) throw new Error(`${name} is not known.`);
    return box;
  }

  #at(box: string, uid: number): string {
    const found = Object.entries(this.#box(box).messages).find(([, message]) => message.uid === uid);
    if (found === undefined) throw new Error(`UID ${uid} of ${box} was used and had never been answered.`);
    return found[0];
  }

  #count(identity: string): number {
    return Object.values(this.#world).filter((box) => identity in box.messages).length;
  }

  #intend({ op, box, identities = [], uids = [], operation = 'add', flag = '' }: Line): void {
    for (const identity of [...identities, ...uids.map((uid) => this.#at(box, uid))]) {
      const count = this.#count(identity);
      const message = this.#box(box).messages[identity];
      if (op === 'store') message?.flags.push(changed(message.flags[0] ?? '', operation, flag));
      else if (op === 'expunge') this.#underway[identity] = { min: count - 1, max: count };
      else if (op === 'move') this.#underway[identity] = { min: count, max: count };
      else this.#underway[identity] = { min: count, max: count + 1 };
    }
  }

  #answer({ op, box, landed = [], uids = [], pairs = [], to = '', modSeq = 0 }: Line): void {
    this.answers += 1;
    for (const [identity, uid, flags] of landed) this.#land(box, identity, uid, flags);
    for (const uid of uids) {
      const identity = this.#at(box, uid);
      const message = this.#box(box).messages[identity];
      if (op === 'store' && message !== undefined) message.flags = message.flags.slice(-1);
      if (op === 'expunge') delete this.#box(box).messages[identity];
      delete this.#underway[identity];
    }
    for (const [source, destination] of pairs) {
      const identity = this.#at(box, source);
      const flags = this.#box(box).messages[identity]?.flags[0] ?? '';
      delete this.#box(box).messages[identity];
      this.#land(to, identity, destination, flags);
    }
    this.#box(box).highestModSeq = Math.max(this.#box(box).highestModSeq, modSeq);
  }

  #land(box: string, identity: string, uid: number, flags: string): void {
    const known = this.#box(box);
    known.messages[identity] = { uid, flags: [flags] };
    known.highestUid = Math.max(known.highestUid, uid);
    delete this.#underway[identity];
  }
}
