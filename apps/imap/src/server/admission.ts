/**
 * Whom there is room for. Counted from the accepted socket on, so that TLS handshakes which never end are bounded as well,
 * and by whoever listens: over all processes, therefore, where several serve.
 *
 * Three things are bounded: connections altogether; those from one address that have not signed in (*strangers*), so that
 * one caller alone cannot take all the room there is; and those that have signed in as one user.
 */
import { addressKey } from '../auth/throttle.ts';
import { Tally } from './tally.ts';

/** `refused`: to be told that there are too many. `dropped`: too many to be told even that. */
export type Verdict = 'served' | 'refused' | 'dropped';

/** A connection's place among the others, as whoever serves it knows it. */
export interface Presence {
  readonly verdict: Verdict;
  /**
   * Whether the user may have one more connection, which this one then is; asked once a sign-in has succeeded. Rejects
   * where that cannot be found out.
   */
  admit(user: string): Promise<boolean>;
  /** It has signed in, and is a stranger no more. */
  signedIn(): void;
}

export interface Entry extends Presence {
  /** It is gone; may be called more than once. */
  leave(): void;
}

export interface Room {
  /** Connections at once. */
  readonly connections: number;
  /** Strangers from one address. */
  readonly perAddress: number;
  /** Connections of one user. */
  readonly perUser: number;
  /** Connections above each of the first two, while they are told that they are too many. */
  readonly refusals: number;
}

export class Admission {
  readonly #room: Room;
  readonly #verdicts = new Tally();
  readonly #strangers = new Tally();
  readonly #users = new Tally();

  constructor(room: Room) {
    this.#room = room;
  }

  /** Counts a connection that has just come. */
  enter(address: string): Entry {
    const key = addressKey(address);
    const verdict = this.#verdict(key);
    if (verdict === 'dropped') return { verdict, admit: async () => false, signedIn() {}, leave() {} };
    const counted = this.#verdicts.add(verdict);
    const stranger = this.#strangers.add(key);
    let user = () => {};
    let isGone = false;
    return {
      verdict,
      admit: async (name) => {
        user(); // of an attempt whose mail could not be opened
        if (isGone || this.#users.of(name) >= this.#room.perUser) return false;
        user = this.#users.add(name);
        return true;
      },
      signedIn: stranger,
      leave: () => {
        isGone = true;
        for (const takeBack of [counted, stranger, user]) takeBack();
      },
    };
  }

  #verdict(key: string): Verdict {
    const { connections, perAddress, refusals } = this.#room;
    const served = this.#verdicts.of('served');
    const strangers = this.#strangers.of(key);
    const all = served + this.#verdicts.of('refused');
    if (all >= connections + refusals || strangers >= perAddress + refusals) return 'dropped';
    return served >= connections || strangers >= perAddress ? 'refused' : 'served';
  }
}

/** The room of IMAP. Behind a proxy all clients call from the same address. */
export function imapRoom(limits: Room, proxied: boolean): Room {
  return proxied ? { ...limits, perAddress: Number.POSITIVE_INFINITY } : limits;
}

/** The room of LMTP: its clients are programs of this machine, and none signs in. */
export function lmtpRoom({ connections, refusals }: Pick<Room, 'connections' | 'refusals'>): Room {
  return { connections, refusals, perAddress: Number.POSITIVE_INFINITY, perUser: 0 };
}
