/**
 * Whether a path that stands in a text is the one that is looked for, or part of something else. Pure.
 *
 * What stands before and after it is read as if it were written plainly (`plainBefore`, `plainAfter`), so that the rules know
 * one spelling only. They err on the side of a near miss: that is shown and left alone, a wrong hit is written over.
 */
import { CONTEXT_CHARS } from './limits.ts';
import { SLASH_AT_END, type Unit } from './spellings.ts';

/** Why something that looks like the path is not taken for it. */
export type Why =
  /** `/volumes/github`. */
  | 'other-case'
  /** `/Volumes/GitHubOld`, `GitHub-2`, `GitHub.bak`, `GitHub Copy/`. */
  | 'longer-name'
  /** `/mnt/Volumes/GitHub`, `~/Volumes/GitHub`. */
  | 'longer-path'
  /** `smb://server/Volumes/GitHub`, `user@host:/Volumes/GitHub`, `\\Volumes\GitHub`. */
  | 'other-host'
  /** `D:\Volumes\GitHub`. */
  | 'on-a-drive'
  /** `\data`: with one name and one backslash it may be anything. */
  | 'ambiguous';

/** The separators before the first name. */
interface Lead {
  /** The last of them: where the path begins. */
  readonly separator: string;
  readonly count: number;
  /** What stands before all of them. */
  readonly before: string;
  readonly why?: Why;
}

/** What a path stands behind. */
export interface Start {
  readonly separator: string;
  /** It is the path of a URL. */
  readonly isUrl: boolean;
  /** It stands directly behind this quotation mark. */
  readonly quote: string;
  /** It stands directly behind an asterisk: in bold, or as a pattern. */
  readonly isStarred: boolean;
  readonly why?: Why;
}

/** Reads what stands before a path whose first name begins at `at`; undefined where there is no separator. */
export function startOf(text: string, at: number, inner: string | undefined, unit: Unit): Start | undefined {
  const last = text.charCodeAt(at - 1) | 0x20;
  if (last !== SLASH && last !== BACKSLASH && last !== SMALL_F) return undefined;
  const lead = leadOf(text.slice(Math.max(0, at - CONTEXT_CHARS), at), inner);
  if (lead === undefined) return undefined;
  const before = plainBefore(lead.before, lead.separator, unit);
  const verdict = judgeStart(lead, before, unit);
  const quote = /["'`]$/.exec(before)?.[0] ?? '';
  return { separator: lead.separator, quote, isStarred: before.endsWith('*'), isUrl: false, ...verdict };
}

/** With the bit set that makes letters small. */
const [SLASH, BACKSLASH, SMALL_F] = [0x2f | 0x20, 0x5c | 0x20, 0x66];

function leadOf(context: string, inner: string | undefined): Lead | undefined {
  const run = /\\+$/.exec(context)?.[0].length ?? 0;
  if (run > 0) return backslashes(context, run, inner);
  let [before, count, separator] = [context, 0, ''];
  for (;;) {
    const found = SLASH_AT_END.exec(before)?.[0];
    // One that is written otherwise is no doubled one, but what sed or a pattern begins with: `s/\/Volumes`.
    if (found === undefined || (count > 0 && found.toLowerCase() !== separator.toLowerCase())) break;
    if (count === 0) separator = found;
    count += 1;
    before = before.slice(0, -found.length);
  }
  return count === 0 ? undefined : { separator, count, before };
}

/** How many backslashes are one shows between the names; twice as many begin the name of a host (`\\host\share`). */
function backslashes(context: string, run: number, inner: string | undefined): Lead {
  const one = inner !== undefined && /^\\+$/.test(inner) ? inner.length : undefined;
  const length = Math.min(run, one ?? 4);
  const lead = { separator: '\\'.repeat(length), before: context.slice(0, context.length - run) };
  if (one !== undefined && run === 2 * one) return { ...lead, count: 2, why: 'other-host' };
  if (inner === undefined && run === 1) return { ...lead, count: 1, why: 'ambiguous' };
  return { ...lead, count: 1 };
}

type Verdict = { readonly why?: Why; readonly isUrl?: boolean };

function judgeStart({ separator, count, why }: Lead, before: string, unit: Unit): Verdict {
  if (why !== undefined) return { why };
  const [, scheme] = /(?:^|[^\w+./\\\u0080-\uffff-])([A-Za-z][A-Za-z0-9+.-]*):$/.exec(before) ?? [];
  if (scheme !== undefined && count === 2) return { why: 'other-host' };
  if (scheme !== undefined && count > 2) return ABROAD.test(scheme) ? { why: 'other-host' } : { isUrl: true };
  if (/\bfile:\/\/(?:localhost|127\.0\.0\.1)$/i.test(before)) return { isUrl: true };
  if (/[\w.-]@[A-Za-z0-9.-]+:$/.test(before)) return { why: 'other-host' };
  if (isDrive(before, separator)) return { why: 'on-a-drive' };
  if (!belongs(before, unit)) return {};
  return { why: /[A-Za-z][A-Za-z0-9+.-]*:\/\/[^\s"'`<>()]*$/.test(before) ? 'other-host' : 'longer-path' };
}

/** Schemes whose paths are never those of this machine. */
const ABROAD = /^(?:smb|cifs|afp|nfs|https?|wss?|ftps?|sftp|ssh|git|rsync|dav|davs|s3|gs)$/i;

/** `C:/`, `c:\`. Not `s:/`, by which sed begins. */
const isDrive = (before: string, separator: string): boolean =>
  (separator.startsWith('\\') && !separator.endsWith('/') ? ANY_DRIVE : DRIVE).test(before);

const DRIVE = /(?:^|[\s"'`=(,;<>|[]|:\/\/\/)[A-Z]:$/;
const ANY_DRIVE = new RegExp(DRIVE, 'i');

/** Whether what ends this text is part of the same path. */
function belongs(before: string, unit: Unit): boolean {
  const last = before.charAt(before.length - 1);
  if (last === '') return false;
  if (last >= '\u0080') return isLetter(lastCodePoint(before, unit));
  if (FLAG_AT_END.test(before)) return false;
  if (last === '-') return /[\w./)\]}-]-$/.test(before) && !/\$\{\w+-$/.test(before);
  return /[\w.~)\]}]$/.test(before) || /%\w+%$/.test(before) || EXPANSION_AT_END.test(before);
}

/** A quotation mark that ends what a shell puts in: `"$HOME"`, `"$(pwd)"`, `"$ROOT/x"`, `` `pwd` ``. One that begins a path stands behind something else. */
const EXPANSION_AT_END = /(?:[)}]|\$\w+|["']\$[\w{(][^"'\s]*)\\*["']$|`\w+`$/;

/** `-I`, `-isystem` and other compilers' flags that their argument follows at once. */
const FLAG_AT_END = /(?:^|[\s"'`=,([;|&{:])-[A-Za-z]+$/;

/** Why the name that ends at `end` is only the beginning of another; undefined where it is not. `separator` is the path's last. */
export function whyNotEnd(text: string, end: number, separator: string, start: Start, unit: Unit): Why | undefined {
  const code = text.charCodeAt(end);
  // Most ends are one of these, and need no reading.
  if (Number.isNaN(code) || code === 0x2f || code === 0x0a) return undefined;
  if (code === 0x22 && text.charCodeAt(end + 1) !== 0x24) return undefined;
  const after = plainAfter(text.slice(end, end + CONTEXT_CHARS), separator, unit);
  const goesOn = GOES_ON.test(after) || (start.quote === '' ? COPY : QUOTED_WORDS).test(after);
  return goesOn || isLetter(firstCodePoint(after.replace(/^(?:\.+|[@+])/, ''), unit)) ? 'longer-name' : undefined;
}

/** What makes a name longer: `GitHubOld`, `GitHub-2`, `GitHub.bak`, `GitHub$SUFFIX`, `GitHub@2`, `GitHub%s`, `GitHub"$SUFFIX"`, `GitHub(old)/`. A dot that ends a sentence does not. */
const GOES_ON =
  /^(?:[\w~{[-]|\.+(?:[\w$~{*-]|\/)|\$[A-Za-z_{(]|[@+][A-Za-z0-9]|%[a-z({]|["']\$[A-Za-z_{(]|\([^()\s]*\)\/)/;

/** `GitHub Copy/`, `GitHub 2/`: names that copies get. */
const COPY = /^ (?:- )?(?:copy(?: \d+)?|\d+|\(\d+\))\//i;

/** In quotation marks a name may have spaces: `"/Volumes/GitHub Archive/x"`. */
const QUOTED_WORDS = /^(?:(?: [\w.()-]+){1,3}\/| (?:- )?(?:copy(?: \d+)?|\d+|\(\d+\))["'`/])/i;

/** Whether a path that stands behind an asterisk is a pattern, and not in bold. */
export const isPattern = (text: string, end: number, { isStarred }: Start): boolean =>
  isStarred && text.charAt(end) !== '*';

/** `%C3%A9`, as often as it is escaped. */
const PERCENT = /(?:%(?:25)*[0-9a-fA-F]{2})+/g;
const UNICODE = /\\+(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))/g;

/** Characters that are escaped by their number, as the text has them elsewhere. */
function unescaped(text: string, unit: Unit): string {
  const encoding = unit === 'octet' ? 'latin1' : 'utf8';
  return text
    .replace(PERCENT, (run) => Buffer.from(run.replace(/%(?:25)*/g, ''), 'hex').toString(encoding))
    .replace(UNICODE, (_, long?: string, short?: string) => {
      const char = String.fromCharCode(Number.parseInt(long ?? short ?? '', 16));
      return unit === 'octet' ? Buffer.from(char).toString('latin1') : char;
    });
}

/** Escapes taken off. A letter behind a backslash is a line end or the like, unless backslashes separate names here. */
function plainBefore(context: string, separator: string, unit: Unit): string {
  const slashed = /^\\+$/.test(separator) ? context.replaceAll(separator, '/') : context;
  return unescaped(slashed, unit)
    .replace(/\\+\//g, '/')
    .replace(/\\+[abefnrtv0]$/, '\n');
}

/** The same; a space that is escaped belongs to a name. */
function plainAfter(context: string, separator: string, unit: Unit): string {
  const slashed = /^\\+$/.test(separator) ? context.replaceAll(separator, '/') : context;
  return unescaped(slashed.replace(/%(?:25)*20|\\ /g, '_'), unit)
    .replace(/\\+\//g, '/')
    .replace(/\\+./gs, '\n');
}

const isLetter = (char: string): boolean => /[\p{L}\p{N}\p{M}]/u.test(char);

/** Octets are UTF-8 where they can be, else Latin-1. */
function lastCodePoint(text: string, unit: Unit): string {
  if (unit === 'utf-16') return /.$/su.exec(text)?.[0] ?? '';
  const read = /.$/su.exec(Buffer.from(text.slice(-4), 'latin1').toString())?.[0] ?? '';
  return read === '\ufffd' ? text.slice(-1) : read;
}

function firstCodePoint(text: string, unit: Unit): string {
  const slice = text.slice(0, 4);
  const read = /^./su.exec(unit === 'utf-16' ? slice : Buffer.from(slice, 'latin1').toString())?.[0] ?? '';
  return read === '\ufffd' ? slice.charAt(0) : read;
}
