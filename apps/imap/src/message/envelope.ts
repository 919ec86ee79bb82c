/** ENVELOPE's wire text (RFC 3501 §7.4.2). */
import { collapseBlanks, type MessagePart } from '@scorpiox/maildir/mime';
import { type Address, parseAddresses } from './address.ts';
import { wireList, wireNstring } from './quote.ts';

/**
 *     envelope = "(" env-date SP env-subject SP env-from SP env-sender SP env-reply-to SP env-to SP env-cc SP env-bcc SP
 *                env-in-reply-to SP env-message-id ")"
 *
 * Sender and Reply-To fall back to From.
 */
export function envelopeWire({ envelope }: MessagePart): string {
  const from = addressesWire(envelope.from);
  const orFrom = (value: string | null): string => {
    const own = addressesWire(value);
    return own === 'NIL' ? from : own;
  };
  const fields = [
    wireNstring(envelope.date),
    wireNstring(envelope.subject === null ? null : collapseBlanks(envelope.subject)),
    from,
    orFrom(envelope.sender),
    orFrom(envelope.replyTo),
    ...[envelope.to, envelope.cc, envelope.bcc].map(addressesWire),
    wireNstring(envelope.inReplyTo),
    wireNstring(envelope.messageId),
  ];
  return `(${fields.join(' ')})`;
}

/** `"(" 1*address ")" / nil`: no blank between addresses */
const addressesWire = (value: string | null): string =>
  value === null ? 'NIL' : wireList(parseAddresses(value).map(addressWire), '');

/** `address = "(" addr-name SP addr-adl SP addr-mailbox SP addr-host ")"` */
const addressWire = ({ name, route, mailbox, host }: Address): string =>
  `(${[name, route, mailbox, host].map(wireNstring).join(' ')})`;
