/**
 * The expressions of generated columns, read from the text of CREATE TABLE: SQLite has them nowhere else. Only as much of SQL
 * is understood as that takes: strings, quoted names, comments, parentheses.
 */

/** By the column's name in lower case, without the parentheses around each. */
export function generatedExpressions(sql: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const definition of definitionsIn(sql)) {
    const [name, ...rest] = definition;
    const at = rest.findIndex((token, index) => /^as$/i.test(token) && rest[index + 1]?.startsWith('(') === true);
    const expression = rest[at + 1];
    if (name !== undefined && at >= 0 && expression !== undefined) {
      found.set(unquoted(name).toLowerCase(), expression.slice(1, -1).trim());
    }
  }
  return found;
}

/** What else a column's definition says that is lost with it: `CHECK`, `COLLATE`. */
export function clausesOf(sql: string, column: string): readonly string[] {
  const definition = definitionsIn(sql).find(([name = '']) => unquoted(name).toLowerCase() === column.toLowerCase());
  return ['CHECK', 'COLLATE'].filter((clause) => definition?.slice(1).some((token) => token.toUpperCase() === clause));
}

const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|[(),]|[^\s(),'"`[\]]+|\s+/g;

/** Between the first parenthesis and its partner, at each comma: names and words, and whole parentheses as one. */
function definitionsIn(sql: string): readonly (readonly string[])[] {
  const definitions: string[][] = [[]];
  let depth = 0;
  let group = '';
  for (const [token] of sql.matchAll(TOKEN)) {
    if (token === '(') depth += 1;
    const last = definitions.at(-1) ?? [];
    if (depth >= 2) group += token;
    else if (depth === 1 && token === ',') definitions.push([]);
    else if (depth === 1 && token !== '(' && token !== ')' && !/^(\s|--|\/\*)/.test(token)) last.push(token);
    if (token !== ')') continue;
    depth -= 1;
    if (depth === 1) {
      last.push(group);
      group = '';
    }
    if (depth === 0) break;
  }
  return definitions;
}

function unquoted(name: string): string {
  if (name.startsWith('[')) return name.slice(1, -1);
  const quote = /^["'`]/.exec(name)?.[0];
  return quote === undefined ? name : name.slice(1, -1).replaceAll(quote + quote, quote);
}
