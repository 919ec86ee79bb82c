/** What a server shows to whoever connects: its certificate, taken as it is and trusted for nothing. */
import type { X509Certificate } from 'node:crypto';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { systemErrorCode } from '../../failure.ts';
import { PEEK_MS, PEEK_OCTETS } from '../../limits.ts';
import type { Door } from '../in-use.ts';

export type Peek =
  | { readonly kind: 'shown'; readonly certificate: X509Certificate }
  /** Nobody listens. */
  | { readonly kind: 'closed' }
  /** Somebody listens who does not speak TLS, or not in time. */
  | { readonly kind: 'no-tls'; readonly why: string };

/** Connects, looks, and hangs up. Never rejects. */
export async function peek(door: Door): Promise<Peek> {
  const socket = connectTcp(door.port, door.host);
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('It does not answer.')), PEEK_MS);
  try {
    return await Promise.race([look(socket, door), late]);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ECONNREFUSED') return { kind: 'closed' };
    return { kind: 'no-tls', why: code ?? (error instanceof Error ? error.message : String(error)) };
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

async function look(socket: Socket, { startTls }: Door): Promise<Peek> {
  await happened(socket, 'connect');
  if (startTls) await askForTls(socket);
  // Whether it is to be trusted is not asked here: it is compared with what is in the files.
  const secure = connectTls({ socket, rejectUnauthorized: false });
  await happened(secure, 'secureConnect');
  const certificate = secure.getPeerX509Certificate();
  secure.destroy();
  return certificate === undefined
    ? { kind: 'no-tls', why: 'It shows no certificate.' }
    : { kind: 'shown', certificate };
}

function happened(socket: Socket | TLSSocket, event: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, () => resolve());
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('It hangs up.')));
  });
}

/** RFC 9051 §6.2.1: nothing may be sent between the command and its answer. */
async function askForTls(socket: Socket): Promise<void> {
  await lineThat(socket, (line) => line.startsWith('* OK'));
  socket.write('t STARTTLS\r\n');
  await lineThat(socket, (line) => line.startsWith('t OK'));
}

/** Resolves when the line has come; the server waits then for what comes from here. */
function lineThat(socket: Socket, isIt: (line: string) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    const settle = (act: () => void) => {
      socket.off('data', take);
      act();
    };
    const take = (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (text.split('\r\n').slice(0, -1).some(isIt)) settle(resolve);
      else if (text.length > PEEK_OCTETS || text.includes('\r\n'))
        settle(() => reject(new Error('It is no IMAP server, or offers no STARTTLS.')));
    };
    socket.on('data', take);
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('It hangs up.')));
  });
}
