import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { ALERT_ANSWER_BYTES } from '../../limits.ts';
import { DELIVERED, failed, type Outcome, reasonOf } from '../outcome.ts';
import type { Mail } from './render.ts';

/** Where mail is handed on. */
export interface LmtpPlace {
  readonly host: string;
  readonly port: number;
}

interface Reply {
  readonly code: number;
  readonly text: string;
}

/** The server said no: 4yz is worth another try, 5yz is not (RFC 5321 §4.2.1). */
class Refused extends Error {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super(`${reply.code} ${reply.text}`);
    this.reply = reply;
  }
}

/** Hands a mail on to an LMTP server (RFC 2033): one recipient, so one answer after the dot. Ends when `signal` does. */
export async function sendByLmtp({ host, port }: LmtpPlace, mail: Mail, signal: AbortSignal): Promise<Outcome> {
  const place = `the mail server at ${host}:${port}`;
  const socket = connect({ host, port });
  // Destroying it is what ends whatever is awaited below.
  const cut = () => socket.destroy(new Error('it took too long'));
  signal.addEventListener('abort', cut, { once: true });
  socket.on('error', () => {}); // the dialogue hears of it as well
  try {
    await once(socket, 'connect', { signal });
    await converse(socket, mail);
    return DELIVERED;
  } catch (error) {
    if (error instanceof Refused) {
      const { code, text } = error.reply;
      return failed(`${place} answered ${code} ${printable(text)}`, code >= 500);
    }
    if (signal.aborted) return failed(`${place} took too long.`);
    return failed(`${place} cannot be spoken to: ${reasonOf(error)}. Is it running?`);
  } finally {
    signal.removeEventListener('abort', cut);
    socket.destroy();
  }
}

async function converse(socket: Socket, { to, text }: Mail): Promise<void> {
  const replies = readReplies(socket);
  const expect = async (from: number) => {
    const { value: reply, done } = await replies.next();
    if (done === true) throw new Error('the connection ended');
    if (Math.floor(reply.code / 100) !== from) throw new Refused(reply);
  };
  const say = async (line: string, from: number) => {
    socket.write(`${line}\r\n`);
    await expect(from);
  };
  await expect(2);
  await say('LHLO localhost', 2);
  // Nobody is told when it cannot be delivered but us, here (RFC 5321 §4.5.5).
  await say('MAIL FROM:<>', 2);
  await say(`RCPT TO:<${to}>`, 2);
  await say('DATA', 3);
  await say(`${stuff(text)}\r\n.`, 2);
  socket.end('QUIT\r\n');
}

/** RFC 5321 §4.5.2. */
const stuff = (text: string): string => text.replace(/^\./gm, '..');

/** The server's replies, each with the text of its last line. */
async function* readReplies(socket: Socket): AsyncGenerator<Reply, void, void> {
  let rest = '';
  let read = 0;
  socket.setEncoding('utf8');
  for await (const chunk of socket) {
    read += String(chunk).length;
    if (read > ALERT_ANSWER_BYTES) throw new Error('its replies never end');
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [, code, more, text = ''] = /^(\d{3})([ -]?)(.*?)\r?$/.exec(line) ?? [];
      if (code === undefined) throw new Error('it does not speak LMTP');
      if (more !== '-') yield { code: Number(code), text };
    }
  }
}

const printable = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 200);
