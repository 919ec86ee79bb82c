/**
 * A response as the trace shows it: as it goes over the wire, but for what holds mail, which shows as its length, and for
 * what the server says in a sign-in.
 */
import type { SerializeOptions } from '../wire/options.ts';
import type { FetchDatum, Response } from '../wire/response.ts';
import { serialize } from '../wire/serialize.ts';
import { HIDDEN } from './commands.ts';

type Single = Exclude<Response, { type: 'fetches' }>;

/** Which responses hold neither mail nor secrets; a new kind of response has to be decided on here. */
const SHOWN: Readonly<Record<Single['type'], boolean>> = {
  greeting: true,
  continue: false,
  tagged: true,
  untagged: true,
  bye: true,
  capability: true,
  flags: true,
  list: true,
  lsub: true,
  status: true,
  search: true,
  esearch: true,
  enabled: true,
  namespace: true,
  id: true,
  vanished: true,
  'vanished-earlier': true,
  exists: true,
  recent: true,
  expunge: true,
  fetch: false,
};

/** Without its line end. @param limit characters after which the rest is counted only. */
export function responseText(response: Single, options: SerializeOptions | undefined, limit: number): string {
  if (response.type === 'fetch') return `* ${response.seq} FETCH (${response.data.map(datumText).join(' ')})`;
  if (response.type === 'continue' || !SHOWN[response.type]) return `+ ${HIDDEN}`;
  let text = '';
  let left = 0;
  for (const piece of serialize(response, options)) {
    const room = Math.max(0, limit - text.length);
    if (piece instanceof Uint8Array) text += Buffer.from(piece.subarray(0, room)).toString('utf8');
    left += Math.max(0, piece.length - room);
  }
  return left === 0 ? text.trimEnd() : `${text}… [${left} more]`;
}

function datumText(datum: FetchDatum): string {
  switch (datum.item) {
    case 'UID':
    case 'RFC822.SIZE':
    case 'MODSEQ':
      return `${datum.item} ${datum.value}`;
    case 'BINARY.SIZE[]':
      return `${datum.label} ${datum.value}`;
    case 'EMAILID':
    case 'THREADID':
      return `${datum.item} ${datum.id ?? 'NIL'}`;
    case 'FLAGS':
      return `FLAGS (${datum.flags.join(' ')})`;
    case 'INTERNALDATE':
      return `INTERNALDATE ${new Date(datum.value).toISOString()}`;
    case 'ENVELOPE':
    case 'BODY':
    case 'BODYSTRUCTURE':
      return `${datum.item} [${datum.wire.length}]`;
    case 'literal':
      return `${datum.label} ${datum.content === null ? 'NIL' : `{${datum.content.length}}`}`;
  }
}
