import type { Socket } from 'node:net';
import { startPeer, type Talk, tagOf } from './imap-peer.ts';

/** What is wrong with the server; each as some real server was once. */
export type Wrong =
  /** A session that stored a flag does not find the message any more, until it selects the mailbox anew. */
  | 'stale name'
  /** Of a large message one TLS record is sent, and then no more. */
  | 'partial write'
  | 'changed octets'
  | 'flags of before'
  | 'no UIDPLUS'
  | 'no room'
  | 'no mailboxes made';

interface Stored {
  readonly uid: number;
  readonly content: string;
  readonly flags: Set<string>;
}

export interface MemoryImap {
  readonly port: number;
  readonly mailboxes: Map<string, Stored[]>;
  /** Every line that came. */
  readonly lines: readonly string[];
}

export const [USER, PASSWORD] = ['ann', 'secret of ann'];

interface Session {
  mailbox: string;
  /** What it takes the messages' files to be called: their flags when it selected. */
  names: Map<number, string>;
  /** Octets of a literal that are still to come, and what has come. */
  literal: { left: number; content: string; tag: string; mailbox: string } | undefined;
}

/** As much of an IMAP server as a probe needs, in memory, with what is wrong of it. */
export async function startMemoryImap(wrong?: Wrong): Promise<MemoryImap> {
  const mailboxes = new Map<string, Stored[]>([['INBOX', []]]);
  const sessions = new WeakMap<Socket, Session>();
  let uids = 0;
  const capabilities = `IMAP4rev1 APPENDLIMIT=1000000 SASL-IR AUTH=PLAIN${wrong === 'no UIDPLUS' ? '' : ' UIDPLUS'}`;
  const nameOf = ({ uid, flags }: Stored) => `${uid}:2,${[...flags].sort().join('')}`;
  const mailOf = ({ mailbox }: Session) => mailboxes.get(mailbox) ?? [];
  const look = (session: Session) => {
    session.names = new Map(mailOf(session).map((one) => [one.uid, nameOf(one)]));
  };

  function fetched(session: Session, uid: number): string {
    const found = mailOf(session).find((one) => one.uid === uid);
    const isLost = wrong === 'stale name' && found !== undefined && session.names.get(uid) !== nameOf(found);
    if (found === undefined || isLost) return '';
    const content = wrong === 'changed octets' ? found.content.replace('base64', 'base46') : found.content;
    const flags = wrong === 'flags of before' ? '' : [...found.flags].join(' ');
    const whole = `* 1 FETCH (UID ${uid} FLAGS (${flags}) BODY[] {${content.length}}\r\n${content})\r\n`;
    return wrong === 'partial write' ? whole.slice(0, 16_384) : whole;
  }

  function store(session: Session, uids: readonly number[], text: string): string {
    const flags = /\(([^)]*)\)/.exec(text)?.[1]?.split(' ') ?? [];
    for (const one of mailOf(session).filter(({ uid }) => uids.includes(uid))) {
      for (const flag of flags) text.startsWith('+') ? one.flags.add(flag) : one.flags.delete(flag);
    }
    return '';
  }

  function remove(session: Session, isMeant: (one: Stored) => boolean): string {
    mailboxes.set(
      session.mailbox,
      mailOf(session).filter((one) => !one.flags.has('\\Deleted') || !isMeant(one)),
    );
    return '';
  }

  function search(session: Session, text: string): string {
    const id = /MESSAGE-ID "([^"]+)"/.exec(text)?.[1];
    const isMeant = (one: Stored) => (id === undefined ? one.flags.has('\\Deleted') : one.content.includes(id));
    return `* SEARCH ${mailOf(session)
      .filter(isMeant)
      .map(({ uid }) => uid)
      .join(' ')}`
      .trimEnd()
      .concat('\r\n');
  }

  /** What is said to a command before its OK; a text without a line end is a refusal. */
  function answer(session: Session, command: string): string {
    const [, mailbox = ''] = /^(?:SELECT|CREATE|DELETE) "([^"]*)"/.exec(command) ?? [];
    const [, verb, set = '', rest = ''] = /^UID (FETCH|STORE|EXPUNGE|SEARCH) ?([\d,]*) ?(.*)$/.exec(command) ?? [];
    const meant = set.split(',').map(Number);
    if (command.startsWith('AUTHENTICATE')) {
      const given = Buffer.from(command.split(' ')[2] ?? '', 'base64').toString();
      return given === `\0${USER}\0${PASSWORD}` ? '' : 'NO [AUTHENTICATIONFAILED] wrong';
    }
    if (command.startsWith('CREATE')) {
      if (wrong === 'no mailboxes made') return 'NO [NOPERM] not here';
      mailboxes.set(mailbox, []);
    }
    if (command.startsWith('DELETE')) return mailboxes.delete(mailbox) ? '' : 'NO there is none';
    if (command.startsWith('SELECT')) {
      if (!mailboxes.has(mailbox)) return 'NO there is none';
      session.mailbox = mailbox;
      look(session);
    }
    if (command === 'CAPABILITY') return `* CAPABILITY ${capabilities}\r\n`;
    if (command === 'EXPUNGE') return remove(session, () => true);
    if (verb === 'FETCH') return fetched(session, meant[0] ?? 0);
    if (verb === 'STORE') return store(session, meant, rest.replace('.SILENT', ''));
    if (verb === 'EXPUNGE') return remove(session, ({ uid }) => meant.includes(uid));
    return verb === 'SEARCH' ? search(session, command) : '';
  }

  function append(session: Session, line: string): string | undefined {
    const { literal } = session;
    if (literal === undefined) return undefined;
    literal.content += `${line}\r\n`;
    literal.left -= line.length + 2;
    if (literal.left > -2) return undefined;
    session.literal = undefined;
    uids += 1;
    const content = literal.content.slice(0, -2);
    mailboxes.get(literal.mailbox)?.push({ uid: uids, content, flags: new Set() });
    if (session.mailbox === literal.mailbox) session.names.set(uids, `${uids}:2,`);
    return `${literal.tag} OK${wrong === 'no UIDPLUS' ? '' : ` [APPENDUID 1 ${uids}]`} done\r\n`;
  }

  const talk: Talk = (line, socket) => {
    const session = sessions.get(socket) ?? { mailbox: '', names: new Map(), literal: undefined };
    sessions.set(socket, session);
    if (session.literal !== undefined) return append(session, line);
    const tag = tagOf(line);
    const command = line.slice(tag.length + 1);
    const [, mailbox, length] = /^APPEND "([^"]*)" \{(\d+)\}$/.exec(command) ?? [];
    if (mailbox !== undefined) {
      if (wrong === 'no room') return `${tag} NO [OVERQUOTA] full\r\n`;
      session.literal = { left: Number(length), content: '', tag, mailbox };
      return '+ go on\r\n';
    }
    const said = answer(session, command);
    if (said.startsWith('NO')) return `${tag} ${said}\r\n`;
    return said.length === 16_384 ? said : `${said}${tag} OK done\r\n`;
  };
  const { port, lines } = await startPeer(talk, { greeting: `* OK [CAPABILITY ${capabilities}] memory\r\n` });
  return { port, lines, mailboxes };
}
