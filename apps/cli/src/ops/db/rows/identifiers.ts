/** Which names stand in a piece of SQL. Pure, and no parser: a name in a text is none, a function's name is one. */

const PIECE = /'(?:[^']|'')*'|"((?:[^"]|"")*)"|\[([^\]]*)\]|`((?:[^`]|``)*)`|([\p{L}_@#$][\p{L}\p{N}_@#$]*)|[\s\S]/gu;

/** The names, in lower case. */
export function identifiersIn(sql: string): ReadonlySet<string> {
  const names = [...sql.matchAll(PIECE)].flatMap(([, quoted, bracketed, ticked, plain]) => {
    const name = quoted?.replaceAll('""', '"') ?? bracketed ?? ticked?.replaceAll('``', '`') ?? plain;
    return name === undefined ? [] : [name.toLowerCase()];
  });
  return new Set(names);
}
