/** What a person need not see again in every line. */
const HIDDEN: ReadonlySet<string> = new Set(['level', 'time', 'pid', 'hostname', 'app', 'msg']);
/** The levels of pino, from which on a line is marked. */
const WARN = 40;
const ERROR = 50;

/**
 * A line of a part's log for people: pino's JSON as its message and its fields, everything else as it is. Control
 * characters, which JSON may hold in disguise, are shown and not sent to the terminal.
 */
export function readable(line: string): string {
  const entry = parseObject(line);
  if (entry === undefined || typeof entry.msg !== 'string') return visible(line);
  const fields = Object.entries(entry).filter(([name]) => !HIDDEN.has(name));
  const texts = fields.map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return visible([mark(entry.level) + entry.msg, ...texts].join(' '));
}

function mark(level: unknown): string {
  if (typeof level !== 'number' || level < WARN) return '';
  return level < ERROR ? 'warning: ' : 'error: ';
}

function parseObject(line: string): { readonly level?: unknown; readonly msg?: unknown } | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // not pino's: shown as it is
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is what this is for
const CONTROL = /[\x00-\x08\x0a-\x1f\x7f-\x9f]/g;

const visible = (text: string): string =>
  text.replace(CONTROL, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
