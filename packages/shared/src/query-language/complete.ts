import { EVENT_KINDS, SEVERITIES } from '../telemetry/event.ts';
import { FIELDS, type FieldSpec, findField } from './fields.ts';
import { printPlace } from './print.ts';

/** What may stand where the caret is. Offsets are from 0: what lies between them is what an option replaces. */
export interface Completion {
  readonly from: number;
  readonly to: number;
  /** What is typed of it so far, without quotes. */
  readonly typed: string;
  /** Options that are known without asking anybody: those that begin with `typed`. */
  readonly options: readonly CompletionOption[];
  /** The field whose values, or (for `properties`, `measurements`) whose keys, `GET /api/events/values` knows. */
  readonly ask?: string;
}

export interface CompletionOption {
  /** What is put in: a field with its colon, or a value. */
  readonly insert: string;
  readonly about: string;
}

const VALUES: { readonly [F in string]?: readonly string[] } = {
  kind: EVENT_KINDS,
  severity: [...SEVERITIES, ...SEVERITIES.slice(1).map((severity) => `>=${severity}`)],
  success: ['true', 'false'],
};

/** Fields of which every event has its own value, or which are better compared: nobody chooses from a list of them. */
const NOT_ASKED: ReadonlySet<string> = new Set([
  'duration',
  'value',
  'count',
  'message',
  'measurements',
  'id',
  'parent',
]);

/** What may stand at a caret (offset from 0), however unfinished the text is. */
export function completeQuery(text: string, caret: number): Completion {
  const from = startOfTerm(text, caret);
  const term = text.slice(from, caret);
  const found = /^(?:(properties|measurements)\.("(?:[^"\\]|\\.)*"|[^\s()":*]*)|([\p{L}_]+))(:?)/iu.exec(term);
  const name = found?.[1] ?? found?.[3];
  const spec = name === undefined ? undefined : findField(name);
  if (found === null || spec === undefined || (found[4] === '' && found[1] === undefined))
    return fieldsAt(from, caret, term);
  const [head, , key] = found;
  if (found[4] === '')
    return { from: from + spec.name.length + 1, to: caret, typed: unquote(key ?? ''), options: [], ask: spec.name };
  return valuesAt(spec, key === undefined ? undefined : unquote(key), from + head.length, text.slice(0, caret));
}

function fieldsAt(from: number, to: number, typed: string): Completion {
  const options = FIELDS.filter(({ name, aliases }) => [name, ...aliases].some((one) => startsWith(one, typed))).map(
    (spec: FieldSpec) => ({ insert: `${spec.name}${spec.keyed ? '.' : ':'}`, about: spec.about }),
  );
  return { from, to, typed, options };
}

function valuesAt(spec: FieldSpec, key: string | undefined, from: number, before: string): Completion {
  const typed = unquote(before.slice(from));
  const options = (VALUES[spec.name] ?? [])
    .filter((value) => startsWith(value, typed))
    .map((insert) => ({ insert, about: '' }));
  const field = printPlace({ field: (findField(spec.name) ?? FIELDS[0]).name, ...(key === undefined ? {} : { key }) });
  const asks = VALUES[spec.name] === undefined && !NOT_ASKED.has(spec.name);
  return { from, to: before.length, typed, options, ...(asks ? { ask: field } : {}) };
}

/** Where the term at the caret begins: behind the last blank, parenthesis or minus that stands outside quotes. */
function startOfTerm(text: string, caret: number): number {
  let start = 0;
  let quoted = false;
  for (let at = 0; at < caret; at += 1) {
    const character = text[at] ?? '';
    if (quoted && character === '\\') at += 1;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && (/[\s()]/.test(character) || (character === '-' && at === start))) start = at + 1;
  }
  return start;
}

const startsWith = (text: string, beginning: string): boolean => text.toLowerCase().startsWith(beginning.toLowerCase());

const unquote = (text: string): string => text.replace(/\\(["\\])|"/g, '$1');
