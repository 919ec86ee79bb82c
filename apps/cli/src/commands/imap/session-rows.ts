/** Sessions as they are shown: whole for programs, short for people. Pure. */
import type { SessionReport } from '@scorpiox/shared/imap-admin';
import { stalledFor } from '../../ops/imap/sessions.ts';
import { tellBytes, tellTime } from '../../output/amounts.ts';
import type { Fields } from '../../output/fields.ts';
import type { Paint } from '../../output/style.ts';
import { table } from '../../output/table.ts';

export const SESSION_SHAPE =
  '{id, protocol, user, address, mailbox, state, command, commandMs, heldOctets, waitingOctets, stalledMs, quietMs, connectedMs, client, tls, compressed, pid}';

export function sessionFields(session: SessionReport): Fields {
  const { id, protocol, user, address, mailbox, state, command, heldOctets, waitingOctets, quietMs } = session;
  return {
    ...{ id, protocol, user, address, mailbox, state },
    command: command?.name ?? null,
    commandMs: command?.ageMs ?? null,
    ...{ heldOctets, waitingOctets },
    stalledMs: stalledFor(session) ?? null,
    quietMs,
    connectedMs: session.connectedMs,
    client: clientOf(session) || null,
    tls: session.tls?.protocol ?? null,
    compressed: session.compressed,
    pid: session.pid,
  };
}

/** `Thunderbird 128`. */
const clientOf = ({ client }: SessionReport): string => [client?.name, client?.version].filter(Boolean).join(' ');

/** Less than this, milliseconds, is no standstill that a person would notice. */
const NOTICED_MS = 1_000;

function row(session: SessionReport): Fields {
  const { id, protocol, user, address, mailbox, state, command, waitingOctets, connectedMs } = session;
  const stalled = stalledFor(session) ?? 0;
  return {
    ID: id.slice(0, 8),
    USER: user ?? (protocol === 'lmtp' ? '(delivery)' : '-'),
    FROM: address ?? 'socket',
    MAILBOX: mailbox ?? '-',
    DOES: command === null ? (mailbox === null ? state : '-') : `${command.name} ${tellTime(command.ageMs)}`,
    WAITING: waitingOctets === 0 ? '-' : tellBytes(waitingOctets),
    STALLED: stalled < NOTICED_MS ? '-' : tellTime(stalled),
    CONNECTED: tellTime(connectedMs),
    CLIENT: clientOf(session),
  };
}

/** The table's lines, headings first; those that are stalled stand out. */
export function sessionLines(sessions: readonly SessionReport[], paint: Paint, standsOutMs: number): readonly string[] {
  const [heading, ...lines] = table(sessions.map(row)).trimEnd().split('\n');
  if (heading === undefined || heading === '') return [];
  const styled = lines.map((line, at) => {
    const session = sessions[at];
    const stalled = session === undefined ? 0 : (stalledFor(session) ?? 0);
    return stalled >= standsOutMs ? paint('red', line) : line;
  });
  return [paint('bold', heading), ...styled];
}

/** `12 sessions of 5 users, 1 stalled`. */
export function summary(sessions: readonly SessionReport[], standsOutMs: number): string {
  const users = new Set(sessions.flatMap(({ user }) => user ?? [])).size;
  const stalled = sessions.filter((session) => (stalledFor(session) ?? 0) >= standsOutMs).length;
  const many = (number: number, what: string) => `${number.toLocaleString('en')} ${what}${number === 1 ? '' : 's'}`;
  return `${many(sessions.length, 'session')} of ${many(users, 'user')}${stalled === 0 ? '' : `, ${stalled} stalled`}`;
}
