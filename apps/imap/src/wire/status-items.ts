/** What STATUS and LIST … RETURN (STATUS …) ask for. */
import type { StatusItem } from './command.ts';
import { type Lexer, SyntaxFault } from './lexer.ts';
import { list } from './lists.ts';
import { keyword } from './strings.ts';

const ITEMS: ReadonlyMap<string, StatusItem> = new Map(
  (
    [
      ...(['MESSAGES', 'RECENT', 'UIDNEXT', 'UIDVALIDITY', 'UNSEEN', 'DELETED', 'SIZE'] as const),
      ...(['HIGHESTMODSEQ', 'APPENDLIMIT', 'MAILBOXID'] as const),
    ] satisfies StatusItem[]
  ).map((item) => [item, item]),
);

/** `"(" status-att *(SP status-att) ")"`, each once */
export const statusItems = (lexer: Lexer): readonly StatusItem[] => [
  ...new Set(list(lexer, 'a list of status items', statusItem)),
];

function statusItem(lexer: Lexer): StatusItem {
  const item = ITEMS.get(keyword(lexer, 'a status item'));
  if (item === undefined) throw new SyntaxFault('a status item is not known');
  return item;
}
