// The two mail failures of the journal as questions to any IMAP server. Each answers with the faults it found, so that a
// test can demand none of ours and some of a server that does it the old way.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type TLSSocket } from 'node:tls';
import { type RawImap, signedIn } from './raw-imap.ts';

export interface Target {
  readonly port: number;
  readonly ca: string;
  readonly user: string;
  readonly password: string;
}

const signIn = ({ port, ca, user, password }: Target) => signedIn(port, ca, user, password);

/** A server that sends nothing for this long, in milliseconds, while it owes a message has stalled. */
const STALLED_AFTER = 4_000;
const SLICE = 4096;

/** Reads `SLICE` octets a turn of a millisecond timer until the tagged answer, or until nothing comes any more. */
async function readSlowly(socket: TLSSocket, tag: string): Promise<{ digest: string; size: number; stalled: boolean }> {
  const hash = createHash('sha256');
  let [size, header, tail] = [0, '', ''];
  let remaining: number | undefined;
  let last = Date.now();
  for (;;) {
    const chunk: Buffer | null = socket.read(Math.min(SLICE, Math.max(socket.readableLength, 1)));
    if (chunk === null) {
      if (Date.now() - last > STALLED_AFTER) return { digest: hash.digest('hex'), size, stalled: true };
      await new Promise((resolve) => setTimeout(resolve, 1));
      continue;
    }
    last = Date.now();
    let rest = chunk;
    if (remaining === undefined) {
      header += chunk.toString('latin1');
      const literal = /\{(\d+)\}\r\n/.exec(header);
      if (literal === null) continue;
      remaining = Number(literal[1]);
      rest = Buffer.from(header.slice(literal.index + literal[0].length), 'latin1');
    }
    const body = rest.subarray(0, remaining);
    hash.update(body);
    size += body.length;
    remaining -= body.length;
    tail += rest.subarray(body.length).toString('latin1');
    if (tail.includes(`${tag} `)) return { digest: hash.digest('hex'), size, stalled: false };
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

async function slowConnection({ port, ca, user, password }: Target): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port, ca: readFileSync(ca), servername: 'localhost' });
  await once(socket, 'secureConnect');
  socket.write(`s1 LOGIN ${user} "${password}"\r\ns2 SELECT INBOX\r\n`);
  let text = '';
  while (!/s2 OK/.test(text)) {
    const [chunk] = await once(socket, 'data');
    text += chunk.toString('latin1');
  }
  socket.removeAllListeners('data');
  socket.pause();
  return socket;
}

/** A large message to a client that reads slowly: is it whole, and does another session work meanwhile? */
export async function checkSlowLargeFetch(target: Target, uid: number, message: Buffer): Promise<string[]> {
  const faults: string[] = [];
  const slow = await slowConnection(target);
  const other = await signIn(target);
  slow.write(`s3 UID FETCH ${uid} (BODY.PEEK[])\r\n`);
  const reading = readSlowly(slow, 's3');
  let done = false;
  void reading.then(() => {
    done = true;
  });
  let answers = 0;
  while (!done) {
    const answer = await other.command('NOOP');
    if (/ OK /.test(answer)) answers += 1;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { digest, size, stalled } = await reading;
  if (stalled) faults.push(`stalled after ${size} of ${message.length} octets`);
  else if (digest !== createHash('sha256').update(message).digest('hex')) faults.push('the message arrived changed');
  if (answers < 3) faults.push(`another session got only ${answers} answers meanwhile`);
  slow.destroy();
  other.close();
  return faults;
}

function lacks(response: string, message: Buffer, what: string): string[] {
  return response.includes(message.toString('latin1')) ? [] : [`${what}: ${response.slice(0, 120)}`];
}

async function pipelined(imap: RawImap, uid: number, round: number): Promise<string> {
  const tag = `p${round}`;
  imap.send(`${tag}a UID STORE ${uid} +FLAGS (\\Seen)\r\n${tag}b UID FETCH ${uid} (FLAGS BODY.PEEK[])\r\n`);
  return imap.until(new RegExp(`${tag}b (?:OK|NO|BAD)[^\\r\\n]*\\r\\n`));
}

/** After a flag was stored, is the message there at once: on this connection, pipelined, and on one that selected before? */
export async function checkStoreThenFetch(target: Target, uids: readonly [number, number], message: Buffer) {
  const before = await signIn(target);
  const imap = await signIn(target);
  const [first, second] = uids;
  await imap.command(`UID STORE ${first} +FLAGS (\\Seen)`);
  const faults = [
    ...lacks(await imap.command(`UID FETCH ${first} (FLAGS BODY.PEEK[])`), message, 'at once'),
    ...lacks(await pipelined(imap, second, 1), message, 'pipelined'),
    ...lacks(
      await before.command(`UID FETCH ${first} (FLAGS BODY.PEEK[])`),
      message,
      'on a connection that selected before',
    ),
  ];
  imap.close();
  before.close();
  return faults;
}

/** The same again and again, while somebody else renames the message's file all the time. */
export async function checkWhileRenamed(
  target: Target,
  uid: number,
  message: Buffer,
  rounds: number,
): Promise<string[]> {
  const imap = await signIn(target);
  const faults: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    faults.push(...lacks(await pipelined(imap, uid, round), message, `round ${round}`));
    await imap.command(`UID STORE ${uid} -FLAGS (\\Seen)`);
  }
  imap.close();
  return faults;
}
