/**
 * Several clients of one mailbox, each with its own idea of it, which pipeline whatever comes to mind: no client's idea ever
 * differs from the server's. A client knows nothing but what it was told, in the order in which it was told.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { type Random, randomFrom } from '../support/random.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

interface Known {
  uid?: number | undefined;
  flags?: Set<string> | undefined;
}

type Kind = 'plain' | 'condstore' | 'qresync';

interface Command {
  readonly text: string;
  /** Whether sequence numbers may shift in its answer (RFC 9051 §7.5.1). */
  readonly shifts: boolean;
  /** What the client works out for itself when it goes out. */
  readonly assume?: () => void;
}

const FLAGS = ['\\Seen', '\\Flagged', '\\Answered', 'work'] as const;

class Model {
  readonly client: Client;
  readonly kind: Kind;
  readonly name: string;
  list: Known[] = [];
  #tags = 0;

  constructor(client: Client, kind: Kind) {
    this.client = client;
    this.kind = kind;
    this.name = kind;
  }

  async open(): Promise<void> {
    if (this.kind === 'qresync') await this.client.ok('ENABLE QRESYNC');
    for (const line of await this.client.ok(`SELECT INBOX${this.kind === 'condstore' ? ' (CONDSTORE)' : ''}`))
      this.hear(line, false);
  }

  /** Sends commands together and takes the answers as they come. */
  async pipeline(commands: readonly Command[]): Promise<void> {
    const tagged = commands.map((command) => {
      this.#tags += 1;
      return { ...command, tag: `${this.name}${this.#tags}` };
    });
    this.client.send(tagged.map(({ tag, text }) => `${tag} ${text}\r\n`).join(''));
    for (const { tag, text, shifts, assume } of tagged) {
      assume?.();
      for (;;) {
        const line = await this.client.line();
        if (line === undefined) throw new Error(`${this.name} was hung up on at ${text}`);
        if (line.startsWith(`${tag} `)) break;
        this.hear(line, shifts);
      }
    }
  }

  hear(line: string, shifts: boolean): void {
    const [, number = '', what] = /^\* (\d+) (EXISTS|EXPUNGE|FETCH)/.exec(line) ?? [];
    if (what === 'EXISTS') this.#exists(Number(number));
    else if (what === 'EXPUNGE') this.#expunge(Number(number), shifts);
    else if (what === 'FETCH') this.#fetch(Number(number), line);
    else if (line.startsWith('* VANISHED ')) this.#vanished(line.slice('* VANISHED '.length), shifts);
  }

  #exists(count: number): void {
    expect(count).toBeGreaterThanOrEqual(this.list.length);
    while (this.list.length < count) this.list.push({});
  }

  #expunge(number: number, shifts: boolean): void {
    expect([this.kind, shifts]).not.toEqual(['qresync', expect.anything()]);
    expect(shifts).toBe(true);
    expect(number).toBeLessThanOrEqual(this.list.length);
    this.list.splice(number - 1, 1);
  }

  #vanished(set: string, shifts: boolean): void {
    expect([this.kind, shifts]).toEqual(['qresync', true]);
    for (const uid of numbersOf(set)) {
      const at = this.list.findIndex((known) => known.uid === uid);
      // One that the client has only counted so far: it stands behind all that it knows to have lower UIDs.
      const behind = this.list.findLastIndex((known) => known.uid !== undefined && known.uid < uid);
      const place = at === -1 ? this.list.findIndex((known, n) => n > behind && known.uid === undefined) : at;
      expect(place).toBeGreaterThanOrEqual(0);
      this.list.splice(place, 1);
    }
  }

  #fetch(number: number, line: string): void {
    const known = this.list[number - 1];
    if (known === undefined) throw new Error(`${this.name} does not know of ${line}`);
    const uid = /\bUID (\d+)/.exec(line)?.[1];
    if (uid !== undefined && known.uid !== undefined) expect([this.kind, Number(uid)]).toEqual([this.kind, known.uid]);
    if (uid !== undefined) known.uid = Number(uid);
    const flags = /FLAGS \(([^)]*)\)/.exec(line)?.[1];
    if (flags !== undefined) known.flags = flagsOf(flags);
  }

  /** After everybody has fallen silent: what this client has in mind is what there is. */
  async check(): Promise<void> {
    await this.pipeline([{ text: 'NOOP', shifts: true }]);
    const mind = this.list.map(({ uid, flags }) => ({ uid, flags }));
    const told = await this.client.ok('FETCH 1:* (UID FLAGS)');
    expect(told).toHaveLength(mind.length);
    for (const [at, line] of told.entries()) {
      const { uid, flags } = mind[at] ?? {};
      this.hear(line, false);
      const is = this.list[at];
      if (uid !== undefined) expect(is?.uid).toBe(uid);
      if (flags !== undefined) expect([this.kind, is?.uid, is?.flags]).toEqual([this.kind, is?.uid, flags]);
    }
  }
}

const flagsOf = (text: string): Set<string> =>
  new Set(text.split(' ').filter((flag) => flag !== '' && flag !== '\\Recent'));

const numbersOf = (set: string): number[] =>
  set.split(',').flatMap((range) => {
    const [from = 0, to = from] = range.split(':').map(Number);
    return Array.from({ length: to - from + 1 }, (_, at) => from + at);
  });

function store(model: Model, { below, pick }: Random): Command {
  const byUid = below(2) === 0;
  const uids = model.list.flatMap(({ uid }) => uid ?? []);
  const target = byUid ? uids[below(uids.length)] : below(model.list.length) + 1;
  if (target === undefined) return { text: 'CHECK', shifts: true };
  const [sign, silent, flag] = [pick(['+', '-']), below(2) === 0, pick([...FLAGS, '\\Deleted'])];
  const assume = () => {
    const known = byUid ? model.list.find(({ uid }) => uid === target) : model.list[target - 1];
    if (sign === '+') known?.flags?.add(flag);
    else known?.flags?.delete(flag);
  };
  const text = `${byUid ? 'UID ' : ''}STORE ${target} ${sign}FLAGS${silent ? '.SILENT' : ''} (${flag})`;
  return { text, shifts: byUid, ...(silent ? { assume } : {}) };
}

function anything(model: Model, random: Random): Command {
  const { below, pick } = random;
  const some = `${below(model.list.length) + 1}${pick(['', ':*', ',1'])}`;
  switch (below(10)) {
    case 0:
    case 1:
    case 2:
      return store(model, random);
    case 3:
      return { text: `FETCH ${some} (${pick(['FLAGS', 'UID FLAGS', 'UID', 'BODY[]<0.3>'])})`, shifts: false };
    case 4:
      return { text: 'UID FETCH 1:* (FLAGS)', shifts: true };
    case 5:
      return { text: pick(['EXPUNGE', 'NOOP', 'UID EXPUNGE 1:*', 'CHECK']), shifts: true };
    case 6:
      return { text: pick(['SEARCH ALL', 'SEARCH SEEN']), shifts: false };
    case 7:
      return { text: 'APPEND INBOX (work) {3+}\r\nabc', shifts: true };
    case 8:
      return { text: `${pick(['COPY', 'MOVE', 'UID COPY'])} ${some} INBOX`, shifts: true };
    default:
      return { text: pick(['UID SEARCH ALL', 'STATUS INBOX (MESSAGES)', 'NOOP', 'IDLE\r\nDONE']), shifts: true };
  }
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])('whatever they do, clients and server agree (%i)', async (seed) => {
  const random = randomFrom(seed * 15_485_863);
  const user = `model${seed}`;
  const first = await server.signIn(user);
  for (let n = 0; n < 8; n += 1) await first.append('INBOX', 'abc');
  const kinds = ['plain', 'condstore', 'qresync', 'plain'] as const;
  const models = await Promise.all(kinds.map(async (kind) => new Model(await server.signIn(user), kind)));
  for (const model of models) await model.open();
  for (let round = 0; round < 12; round += 1) {
    const work = models.map((model) => {
      const commands = Array.from({ length: random.below(6) }, () => anything(model, random));
      return model.pipeline(commands);
    });
    await Promise.all(work);
    if (round % 3 === 2) for (const model of models) await model.check();
  }
  for (const { client } of models) client.close();
  first.close();
});
