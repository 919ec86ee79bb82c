import { expect, test } from 'vitest';
import { Disconnected, Outgoing, type Sink } from '../../src/server/outgoing.ts';
import type { SeqNum } from '../../src/wire/command.ts';
import type { LiteralStream, Response } from '../../src/wire/response.ts';

/** A socket that takes one write and then says stop until it is drained. */
class Reluctant implements Sink {
  readonly written: Buffer[] = [];
  /** Octets that the client has taken. */
  taken = 0;
  #drain: (() => void) | undefined;
  write(chunk: Uint8Array): boolean {
    this.written.push(Buffer.from(chunk));
    return false;
  }
  once(_: 'drain', listener: () => void): void {
    this.#drain = listener;
  }
  drain(): void {
    const listener = this.#drain;
    this.#drain = undefined;
    this.taken = this.octets;
    listener?.();
  }
  get octets(): number {
    return this.written.reduce((sum, chunk) => sum + chunk.length, 0);
  }
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

function fetchOf(content: LiteralStream): Response {
  return { type: 'fetch', seq: 1 as SeqNum, data: [{ item: 'literal', label: 'BODY[]', content }] };
}

function body(chunks: number, announced = chunks * 1000) {
  let given = 0;
  const content: LiteralStream = {
    length: announced,
    chunks: (async function* () {
      for (; given < chunks; given += 1) yield new Uint8Array(1000).fill(97);
    })(),
  };
  return { content, given: () => given };
}

test('a long body is read no faster than the client takes it, and arrives whole', async () => {
  const sink = new Reluctant();
  const outgoing = new Outgoing(sink, 4000);
  const { content, given } = body(1000);
  let done = false;
  const sent = outgoing.send(fetchOf(content)).then(() => {
    done = true;
  });
  for (let writes = 1; !done && writes < 400; writes += 1) {
    await turn();
    await turn();
    expect(given() * 1000 - sink.taken).toBeLessThanOrEqual(5000);
    sink.drain();
  }
  await sent;
  await turn();
  expect(Buffer.concat(sink.written).toString()).toBe(`* 1 FETCH (BODY[] {1000000}\r\n${'a'.repeat(1_000_000)})\r\n`);
});

test.each([2, 4])('a body of another length than announced ends the connection (%i chunks for 3)', async (chunks) => {
  const outgoing = new Outgoing(new Reluctant(), 1_000_000);
  await expect(outgoing.send(fetchOf(body(chunks, 3000).content))).rejects.toThrow(Disconnected);
});

test('whoever waits for room is told when the connection is gone', async () => {
  const outgoing = new Outgoing(new Reluctant(), 10);
  const sent = outgoing.send({ type: 'bye', text: 'much longer than ten octets' });
  outgoing.close('gone');
  await expect(sent).rejects.toThrow('gone');
  await expect(outgoing.send({ type: 'bye', text: 'again' })).rejects.toThrow(Disconnected);
});

test('small responses of one turn go out in one write', async () => {
  const sink = new Reluctant();
  const outgoing = new Outgoing(sink, 4000);
  for (const count of [1, 2, 3]) await outgoing.send({ type: 'exists', count });
  await turn();
  expect(sink.written.map(String)).toEqual(['* 1 EXISTS\r\n* 2 EXISTS\r\n* 3 EXISTS\r\n']);
});
