/** Reads, out of the text of a batch, that it looks whether a row is there before it inserts it, and by which columns. Pure. */

export interface LookFirst {
  /** As it is written: `dbo.Requests`. */
  readonly table: string;
  /** The columns that it compares; empty where they could not be read. */
  readonly key: readonly string[];
}

/** A name of one or several parts, in brackets or not. */
const NAME = String.raw`((?:\[[^\]]+\]|[A-Za-z_#@][\w$#@]*)(?:\s*\.\s*(?:\[[^\]]+\]|[A-Za-z_][\w$#@]*))*)`;

/** `NOT EXISTS (SELECT … FROM X WHERE …`, wherever the INSERT of it stands. */
const LOOKS = new RegExp(String.raw`\bNOT\s+EXISTS\s*\(\s*SELECT\b[\s\S]*?\bFROM\s+${NAME}`, 'i');
const INSERTS = new RegExp(String.raw`\bINSERT\s+(?:INTO\s+)?${NAME}`, 'i');

/** The first such pair of a batch, where both are of the same table. */
export function readLookFirst(batch: string): LookFirst | undefined {
  const looks = LOOKS.exec(batch);
  const table = plain(looks?.[1]);
  const into = plain(INSERTS.exec(batch)?.[1]);
  if (looks === null || table === undefined || into === undefined || !isSameTable(table, into)) return undefined;
  return { table: into.length >= table.length ? into : table, key: comparedIn(batch.slice(looks.index)) };
}

/** Without the brackets that it does not need. */
const plain = (name: string | undefined): string | undefined =>
  name?.replace(/\s*\.\s*/g, '.').replace(/\[(\w+)\]/g, '$1');

const isSameTable = (one: string, other: string): boolean =>
  one.split('.').at(-1)?.toLowerCase() === other.split('.').at(-1)?.toLowerCase();

/** The columns that the condition compares with a value, up to the parenthesis that closes it. */
function comparedIn(text: string): readonly string[] {
  const condition = /\bWHERE\b([\s\S]*)/i.exec(enclosed(text))?.[1] ?? '';
  const compared = condition.matchAll(/(?:[A-Za-z_]\w*\.)?(?:\[([^\]]+)\]|([A-Za-z_]\w*))\s*=\s*(?=[@:?'\d]|N'|0x)/g);
  return [...new Set([...compared].map(([, quoted, bare]) => quoted ?? bare ?? ''))];
}

/** What stands between the first parenthesis and its partner. */
function enclosed(text: string): string {
  const from = text.indexOf('(');
  let depth = 0;
  for (let at = from; at >= 0 && at < text.length; at += 1) {
    if (text[at] === '(') depth += 1;
    if (text[at] === ')') depth -= 1;
    if (depth === 0) return text.slice(from + 1, at);
  }
  return from < 0 ? '' : text.slice(from + 1);
}
