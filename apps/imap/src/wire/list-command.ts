/** LIST, plain and extended (RFC 9051 §6.3.9, RFC 5258 §3, RFC 5819 §2, RFC 6154 §2). */
import type { CommandOf, ListReturn, ListSelection } from './command.ts';
import { type Lexer, SyntaxFault } from './lexer.ts';
import { LIST_PATTERNS } from './limits.ts';
import { list, listOrEmpty } from './lists.ts';
import { statusItems } from './status-items.ts';
import { keyword, listMailbox } from './strings.ts';

const PAREN = 0x28;

const SELECTIONS: ReadonlyMap<string, ListSelection> = new Map(
  (['SUBSCRIBED', 'REMOTE', 'RECURSIVEMATCH', 'SPECIAL-USE'] as const).map((option) => [option, option]),
);

const NOTHING: ListReturn = { subscribed: false, children: false, specialUse: false };

/** `list = "LIST" [SP list-select-opts] SP mailbox SP mbox-or-pat [SP list-return-opts]` */
export function listCommand(lexer: Lexer): CommandOf<'LIST'> {
  lexer.space();
  const selection = lexer.peek() === PAREN ? selectionOptions(lexer) : undefined;
  if (selection !== undefined) lexer.space();
  const reference = listMailbox(lexer);
  lexer.space();
  const several = lexer.peek() === PAREN;
  const patterns = several ? list(lexer, 'a list of patterns', listMailbox) : [listMailbox(lexer)];
  if (patterns.length > LIST_PATTERNS) throw new SyntaxFault('there are too many patterns');
  const returns = lexer.atEnd ? undefined : returnOptions(lexer);
  return {
    name: 'LIST',
    reference,
    patterns,
    selection: selection ?? [],
    returns: returns ?? NOTHING,
    extended: several || selection !== undefined || returns !== undefined,
  };
}

/** `list-select-opts`: one that asks how to match needs one that says what (RFC 9051 §6.3.9.1). */
function selectionOptions(lexer: Lexer): readonly ListSelection[] {
  const options = new Set(listOrEmpty(lexer, 'a list of selection options', selectionOption));
  if (options.has('RECURSIVEMATCH') && !options.has('SUBSCRIBED') && !options.has('SPECIAL-USE')) {
    throw new SyntaxFault('RECURSIVEMATCH needs another selection option');
  }
  return [...options];
}

function selectionOption(lexer: Lexer): ListSelection {
  const option = SELECTIONS.get(keyword(lexer, 'a selection option'));
  if (option === undefined) throw new SyntaxFault('a selection option is not known');
  return option;
}

/** `list-return-opts = "RETURN" SP "(" [return-option *(SP return-option)] ")"` */
function returnOptions(lexer: Lexer): ListReturn {
  lexer.space();
  if (keyword(lexer, 'RETURN') !== 'RETURN') throw new SyntaxFault('RETURN expected');
  lexer.space();
  const options = listOrEmpty(lexer, 'a list of return options', returnOption);
  return Object.assign({}, NOTHING, ...options);
}

function returnOption(lexer: Lexer): Partial<ListReturn> {
  switch (keyword(lexer, 'a return option')) {
    case 'SUBSCRIBED':
      return { subscribed: true };
    case 'CHILDREN':
      return { children: true };
    case 'SPECIAL-USE':
      return { specialUse: true };
    case 'STATUS':
      lexer.space();
      return { status: statusItems(lexer) };
    default:
      throw new SyntaxFault('a return option is not known');
  }
}
