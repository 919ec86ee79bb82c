import { type Static, Type } from 'typebox';

const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()]);

/** A connection. Nothing of what mail says is in it; the name of the selected mailbox is. Ages are milliseconds. */
export const SessionReport = Type.Object({
  /** A UUID; the log calls it `session`. */
  id: Type.String(),
  protocol: Type.Union([Type.Literal('imap'), Type.Literal('lmtp')]),
  /** The process that serves it. */
  pid: Type.Integer(),
  /** Null before sign-in, and in LMTP. */
  user: nullable(Type.String()),
  /** The client's IP address; null for a Unix socket. */
  address: nullable(Type.String()),
  tls: nullable(Type.Object({ protocol: Type.String(), cipher: Type.String() })),
  compressed: Type.Boolean(),
  /** RFC 9051 §3. */
  state: Type.Union([
    Type.Literal('not-authenticated'),
    Type.Literal('authenticated'),
    Type.Literal('selected'),
    Type.Literal('logout'),
  ]),
  /** The selected mailbox. */
  mailbox: nullable(Type.String()),
  /** The command that runs, its answer included; null while the client is waited for. */
  command: nullable(Type.Object({ name: Type.String(), ageMs: Type.Number() })),
  /** Octets held for this client: received and not handled, and those that it has yet to take. */
  heldOctets: Type.Number(),
  /** Of these, what the client has yet to take of its answers. */
  waitingOctets: Type.Number(),
  /** For how long it has taken nothing of them; null where nothing waits. */
  stalledMs: nullable(Type.Number()),
  /** Since octets went either way. */
  quietMs: Type.Number(),
  connectedMs: Type.Number(),
  /** What the client says it is (RFC 2971 §3.3): name, version, vendor, os. */
  client: nullable(Type.Record(Type.String(), Type.String())),
});
export type SessionReport = Static<typeof SessionReport>;

/** Answer of `GET /sessions`. */
export const SessionsResponse = Type.Object({
  /** The connections as they are now, the oldest first. */
  sessions: Type.Array(SessionReport),
  /** A sentence for each process whose connections are not among them, because it did not answer in time. */
  missing: Type.Array(Type.String()),
});
