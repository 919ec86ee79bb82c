import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { onTestFinished } from 'vitest';

/** What the peer says to a line of the client; nothing where it is silent. `socket` to do worse than that. */
export type Talk = (line: string, socket: Socket) => string | undefined;

export interface Peer {
  readonly port: number;
  /** Every line that came. */
  readonly lines: string[];
}

export interface PeerOptions {
  readonly greeting?: string;
  readonly tls?: { readonly cert: string; readonly key: string };
}

const GREETING = '* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] peer\r\n';

/** A server on loopback that speaks by a script; it is gone with the test. */
export async function startPeer(talk: Talk, { greeting = GREETING, tls }: PeerOptions = {}): Promise<Peer> {
  const lines: string[] = [];
  const serve = (socket: Socket) => {
    let text = '';
    socket.on('error', () => socket.destroy());
    socket.write(greeting, 'latin1');
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      for (let end = text.indexOf('\r\n'); end !== -1; end = text.indexOf('\r\n')) {
        const line = text.slice(0, end);
        text = text.slice(end + 2);
        lines.push(line);
        const said = talk(line, socket);
        if (said !== undefined && !socket.destroyed) socket.write(said, 'latin1');
      }
    });
  };
  const server: Server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return { port: address.port, lines };
}

/** The tag of a line. */
export const tagOf = (line: string): string => line.split(' ', 1)[0] ?? '';
