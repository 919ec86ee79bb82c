/** Whether a text can stand in a statement as one expression, in parentheses. What it means is the database's business. Pure. */

/** A piece of SQL that ends where it says; what is begun and not ended is no match. */
const PIECE = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\[[^\]]*\]|`(?:[^`]|``)*`|--|\/\*|[();'"[`]|[^'"[`();/-]+|[\s\S]/y;

/** Why it is none, the end of a sentence; undefined where it is one. */
export function faultOf(expression: string): string | undefined {
  if (expression.trim() === '') return 'is empty';
  let depth = 0;
  PIECE.lastIndex = 0;
  for (let piece = PIECE.exec(expression)?.[0]; piece !== undefined; piece = PIECE.exec(expression)?.[0]) {
    if (piece === '--' || piece === '/*') return 'has a comment in it';
    if (piece === ';') return 'is more than one statement';
    if (/^['"[`]$/.test(piece)) return `has a ${piece} that does not end`;
    if (piece === '(') depth += 1;
    if (piece === ')') depth -= 1;
    if (depth < 0) break;
  }
  return depth === 0 ? undefined : 'has parentheses that do not match';
}
