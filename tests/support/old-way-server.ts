// The IMAP server of the journal, as small as its two faults: what our checks must be able to tell from a good server.
//
//  - `partial`: takes it that one TLS write writes everything; what does not fit in the first record is never sent.
//  - `buffered`: hands the whole message to the socket at once, whatever the client reads.
//  - Both look a message's file up in a table made at SELECT; STORE renames the file and leaves the table as it was.
import { readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { createServer, type Server, type TLSSocket } from 'node:tls';

export type OldWay = 'partial' | 'buffered';

const RECORD = 16 * 1024;

interface Session {
  readonly socket: TLSSocket;
  readonly cur: string;
  readonly way: OldWay;
  table: string[];
}

function fetch(session: Session, tag: string, uid: number): string {
  const name = session.table[uid - 1];
  let content: Buffer;
  try {
    content = readFileSync(join(session.cur, name ?? ''));
  } catch {
    return `${tag} NO no such message\r\n`;
  }
  const head = Buffer.from(`* ${uid} FETCH (UID ${uid} FLAGS () BODY[] {${content.length}}\r\n`);
  const whole = Buffer.concat([head, content, Buffer.from(')\r\n')]);
  session.socket.write(session.way === 'partial' ? whole.subarray(0, RECORD) : whole);
  return `${tag} OK done\r\n`;
}

function store(session: Session, tag: string, uid: number): string {
  const name = session.table[uid - 1] ?? '';
  renameSync(join(session.cur, name), join(session.cur, `${name.split(':2,')[0]}:2,S`));
  return `${tag} OK done\r\n`;
}

function answer(session: Session, line: string): string {
  const [, tag = '*', command = ''] = /^(\S+) (.*)$/.exec(line) ?? [];
  const uid = Number(/^UID (?:FETCH|STORE) (\d+)/.exec(command)?.[1]);
  if (command.startsWith('SELECT')) {
    session.table = readdirSync(session.cur).sort();
    return `* ${session.table.length} EXISTS\r\n${tag} OK [READ-WRITE] selected\r\n`;
  }
  if (command.startsWith('UID FETCH')) return fetch(session, tag, uid);
  if (command.startsWith('UID STORE')) return store(session, tag, uid);
  return `${tag} OK done\r\n`;
}

/** Serves one Maildir's cur folder to anybody who asks. */
export function startOldWayServer(options: { cert: string; key: string; cur: string; way: OldWay }): Server {
  const { cert, key, cur, way } = options;
  const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (socket) => {
    const session: Session = { socket, cur, way, table: [] };
    let pending = '';
    socket.on('error', () => socket.destroy());
    socket.write('* OK ready\r\n');
    socket.on('data', (chunk) => {
      pending += chunk.toString('latin1');
      const lines = pending.split('\r\n');
      pending = lines.pop() ?? '';
      for (const line of lines) socket.write(answer(session, line));
    });
  });
  return server.listen(0, '127.0.0.1');
}
