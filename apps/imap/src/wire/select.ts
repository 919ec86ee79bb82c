/** SELECT and EXAMINE with what a client that comes back knows (RFC 7162 §3.1.8, §3.2.5), and CREATE's parameters. */

import { isDigit } from './chars.ts';
import type { CommandOf, Resynchronisation } from './command.ts';
import { type Lexer, SyntaxFault } from './lexer.ts';
import { list, listOrEmpty } from './lists.ts';
import { modSequence, nzNumber } from './numbers.ts';
import { ascendingLength, knownSet } from './sequence-set.ts';
import { atom, keyword, mailbox } from './strings.ts';

type Parameters = Pick<CommandOf<'SELECT'>, 'condstore' | 'qresync'>;

/** `select = "SELECT" SP mailbox [SP "(" select-param *(SP select-param) ")"]` */
export function select(name: 'SELECT' | 'EXAMINE'): (lexer: Lexer) => CommandOf<'SELECT' | 'EXAMINE'> {
  return (lexer) => {
    lexer.space();
    const chosen = { name, mailbox: mailbox(lexer), condstore: false };
    if (lexer.atEnd) return chosen;
    lexer.space();
    return Object.assign(chosen, ...list(lexer, 'a list of parameters', parameter));
  };
}

function parameter(lexer: Lexer): Partial<Parameters> {
  switch (keyword(lexer, 'a parameter')) {
    case 'CONDSTORE':
      return { condstore: true };
    case 'QRESYNC':
      lexer.space();
      return { qresync: resynchronisation(lexer) };
    default:
      throw new SyntaxFault('a parameter is not known');
  }
}

/** `"(" uidvalidity SP mod-sequence-value [SP known-uids] [SP seq-match-data] ")"` */
function resynchronisation(lexer: Lexer): Resynchronisation {
  lexer.expect('(', 'what QRESYNC knows');
  const uidValidity = nzNumber(lexer, 'a UIDVALIDITY');
  lexer.space();
  const known: { -readonly [K in keyof Resynchronisation]: Resynchronisation[K] } = {
    uidValidity,
    modSeq: modSequence(lexer),
  };
  let more = lexer.accept(' ');
  if (more && isDigit(lexer.peek())) {
    known.knownUids = knownSet(lexer);
    more = lexer.accept(' ');
  }
  if (more) known.match = seqMatch(lexer);
  lexer.expect(')', 'the end of what QRESYNC knows');
  return known;
}

/** `seq-match-data = "(" known-sequence-set SP known-uid-set ")"`, both ascending and of the same length */
function seqMatch(lexer: Lexer): NonNullable<Resynchronisation['match']> {
  lexer.expect('(', 'known sequence numbers and their UIDs');
  const numbers = knownSet(lexer);
  lexer.space();
  const uids = knownSet(lexer);
  lexer.expect(')', 'the end of the known UIDs');
  const length = ascendingLength(numbers);
  if (length === undefined || length !== ascendingLength(uids)) {
    throw new SyntaxFault('known sequence numbers and their UIDs must ascend and be as many');
  }
  return { numbers, uids };
}

/** `create = "CREATE" SP mailbox [SP "(" create-param *(SP create-param) ")"]` (RFC 6154 §6) */
export function create(lexer: Lexer): CommandOf<'CREATE'> {
  lexer.space();
  const name = mailbox(lexer);
  if (lexer.atEnd) return { name: 'CREATE', mailbox: name, specialUse: [] };
  lexer.space();
  return { name: 'CREATE', mailbox: name, specialUse: list(lexer, 'a list of parameters', specialUses).flat() };
}

/** `create-param = "USE" SP "(" [use-attr *(SP use-attr)] ")"` */
function specialUses(lexer: Lexer): readonly string[] {
  if (keyword(lexer, 'a parameter') !== 'USE') throw new SyntaxFault('a parameter is not known');
  lexer.space();
  return listOrEmpty(lexer, 'a list of special uses', (at) => {
    at.expect('\\', 'a special use');
    return `\\${atom(at, 'a special use')}`;
  });
}
