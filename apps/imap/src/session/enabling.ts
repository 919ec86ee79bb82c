/** Which commands make a client one that is told modification sequences (RFC 7162 §3.1, "CONDSTORE enabling commands"). Pure. */
import type { CommandBody, SearchKey } from '../wire/command.ts';

/** Whether a command is one of them. ENABLE does it by itself, and so does the QRESYNC parameter, which comes after it. */
export function enablesCondstore(body: CommandBody): boolean {
  switch (body.name) {
    case 'SELECT':
    case 'EXAMINE':
      return body.condstore;
    case 'STATUS':
      return body.items.includes('HIGHESTMODSEQ');
    case 'FETCH':
      return body.changedSince !== undefined || body.items.some(({ item }) => item === 'MODSEQ');
    case 'STORE':
      return body.unchangedSince !== undefined;
    case 'SEARCH':
      return asks(body.criteria, ({ key }) => key === 'MODSEQ');
    case 'LIST':
      return body.returns.status?.includes('HIGHESTMODSEQ') ?? false;
    default:
      return false;
  }
}

/** Whether a command may come only after ENABLE QRESYNC (RFC 7162 §3.2.5, §3.2.6). */
export function needsQresync(body: CommandBody): boolean {
  if (body.name === 'FETCH') return body.vanished;
  return (body.name === 'SELECT' || body.name === 'EXAMINE') && body.qresync !== undefined;
}

/** Whether a search names messages by their sequence numbers, which must not shift meanwhile (RFC 7162 §3.2.10.2). */
export function namesNumbers(criteria: SearchKey): boolean {
  return asks(criteria, (key) => key.key === 'SEQUENCE' && key.set !== 'saved');
}

function asks(key: SearchKey, is: (key: SearchKey) => boolean): boolean {
  if (is(key)) return true;
  if (key.key === 'NOT') return asks(key.operand, is);
  return (key.key === 'OR' || key.key === 'AND') && key.operands.some((operand) => asks(operand, is));
}
