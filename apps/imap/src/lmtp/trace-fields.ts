/** What a delivery agent writes above a message: who sent it, for whom, and how it came (RFC 5321 §4.4). */
import type { Address } from './address.ts';
import type { Sender } from './command.ts';

export interface Trace {
  readonly sender: Sender;
  readonly recipient: Address;
  /** What the client called itself in LHLO. */
  readonly client: string;
  /** Its IP address; undefined for a Unix socket. */
  readonly address: string | undefined;
  /** This machine. */
  readonly host: string;
  /** Stands in the log too. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

/** Return-Path, Delivered-To and Received. Fields that are there already stay below these, as they came. */
export function traceFields({ sender, recipient, client, address, host, id, time }: Trace): Uint8Array {
  const from = address === undefined ? client : `${client} (${addressLiteral(address)})`;
  const protocol = sender.utf8 ? 'UTF8LMTP' : 'LMTP'; // RFC 3848, RFC 6531 §4.3
  const date = new Date(time).toUTCString().replace(/GMT$/, '+0000');
  return Buffer.from(
    `Return-Path: <${sender.address.text}>\r\n` +
      `Delivered-To: ${recipient.text}\r\n` +
      `Received: from ${from}\r\n\tby ${host} with ${protocol} id ${id}\r\n\tfor <${recipient.text}>; ${date}\r\n`,
  );
}

const addressLiteral = (address: string): string => (address.includes(':') ? `[IPv6:${address}]` : `[${address}]`);
