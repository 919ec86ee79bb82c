// A bare IMAP connection: sends octets, waits for a tagged answer, and can read as slowly as a test wants.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';

export interface RawImap {
  readonly socket: Duplex;
  /** Sends one command and resolves with everything received up to and including its tagged line. */
  command(text: string): Promise<string>;
  /** Sends octets as they are. */
  send(text: string): void;
  /** Resolves with everything received once `pattern` matches it, and takes it out of the buffer. */
  until(pattern: RegExp): Promise<string>;
  close(): void;
}

/** Wraps a connected stream. */
function rawImap(socket: Duplex): RawImap {
  let buffered = '';
  let ended: Error | undefined;
  let wake: () => void = () => undefined;
  socket.on('data', (chunk: Buffer) => {
    buffered += chunk.toString('latin1');
    wake();
  });
  const end = (error?: Error) => {
    ended ??= error ?? new Error('the server closed the connection');
    wake();
  };
  socket.on('error', end);
  socket.on('close', () => end());

  async function until(pattern: RegExp): Promise<string> {
    for (;;) {
      if (pattern.test(buffered)) {
        const text = buffered;
        buffered = '';
        return text;
      }
      if (ended) throw new Error(`${ended.message}; received: ${buffered.slice(0, 500)}`);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }

  let count = 0;
  return {
    socket,
    until,
    send: (text) => void socket.write(Buffer.from(text, 'latin1')),
    async command(text) {
      count += 1;
      const tag = `t${count}`;
      socket.write(Buffer.from(`${tag} ${text}\r\n`, 'latin1'));
      return until(new RegExp(`(?:^|\\r\\n)${tag} (?:OK|NO|BAD)[^\\r\\n]*\\r\\n`));
    },
    close: () => void socket.destroy(),
  };
}

/** A TLS connection that trusts `ca`. */
export async function connectImaps(port: number, ca: string): Promise<RawImap> {
  const socket = connectTls({ host: '127.0.0.1', port, ca: readFileSync(ca), servername: 'localhost' });
  await once(socket, 'secureConnect');
  const imap = rawImap(socket);
  await imap.until(/\* OK[^\r\n]*\r\n/);
  return imap;
}

/** A connection without TLS. */
export async function connectImap(port: number): Promise<RawImap> {
  const socket = connectTcp({ host: '127.0.0.1', port });
  await once(socket, 'connect');
  const imap = rawImap(socket);
  await imap.until(/\* OK[^\r\n]*\r\n/);
  return imap;
}

/** Connected, signed in, and with `mailbox` selected. */
export async function signedIn(port: number, ca: string, user: string, password: string, mailbox = 'INBOX') {
  const imap = await connectImaps(port, ca);
  const login = await imap.command(`LOGIN ${user} "${password}"`);
  if (!/ OK /.test(login)) throw new Error(login);
  await imap.command(`SELECT ${mailbox}`);
  return imap;
}
