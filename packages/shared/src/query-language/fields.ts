/**
 * What a field holds, which decides what may be asked of it:
 * - `text`: patterns with `*`, the whole text; letter case of A–Z aside
 * - `words`: the same, but a plain value is looked for anywhere in the text (`=` asks for the whole)
 * - `kind`, `severity`, `flag`: one of a few words; severities have an order
 * - `code`: text, or compared as a number where it is one (`5xx`, `>=400`)
 * - `duration`, `number`: compared
 */
export type FieldType = 'text' | 'words' | 'kind' | 'severity' | 'flag' | 'code' | 'duration' | 'number';

export interface FieldSpec {
  readonly name: string;
  readonly type: FieldType;
  /** Whether the field is a map: then a key follows it, as in `properties.tenant`. */
  readonly keyed?: true;
  readonly aliases: readonly string[];
  /** For completion: what it is. */
  readonly about: string;
}

const field = <const N extends string>(
  name: N,
  type: FieldType,
  about: string,
  more: { readonly keyed?: true; readonly aliases?: readonly string[] } = {},
) => ({ name, type, about, aliases: [], ...more });

/** The fields of a query, in the order in which completion shows them. */
export const FIELDS = [
  field('app', 'text', 'the application'),
  field('kind', 'kind', 'request, dependency, trace, exception, …'),
  field('name', 'words', 'the operation, event, metric or type of exception'),
  field('duration', 'duration', 'how long it took: >500ms, 100ms..2s'),
  field('success', 'flag', 'whether it succeeded'),
  field('status', 'code', 'response or result code: 404, 5xx, >=400', { aliases: ['code'] }),
  field('severity', 'severity', 'verbose, information, warning, error, critical', { aliases: ['level'] }),
  field('message', 'words', 'the text of a log or an exception'),
  field('user', 'text', 'the user'),
  field('session', 'text', "the user's session"),
  field('operation', 'text', 'the operation that it belongs to: a trace id', { aliases: ['trace'] }),
  field('id', 'text', "the event's own id: a span id", { aliases: ['span'] }),
  field('parent', 'text', 'the id of what caused it'),
  field('instance', 'text', 'the instance of the application'),
  field('version', 'text', 'the version of the application'),
  field('value', 'number', 'the value of a metric'),
  field('unit', 'text', 'the unit of the value'),
  field('count', 'number', 'how many events it stands for (sampling)'),
  field('properties', 'text', 'a property: properties.tenant:acme', { keyed: true }),
  field('measurements', 'number', 'a measurement: measurements.items:>3', { keyed: true }),
] as const satisfies readonly FieldSpec[];

export type FieldName = (typeof FIELDS)[number]['name'];

const BY_NAME: ReadonlyMap<string, (typeof FIELDS)[number]> = new Map(
  FIELDS.flatMap((spec) => [spec.name, ...spec.aliases].map((name) => [name, spec] as const)),
);

/** The field that a name or an alias means, letter case aside. */
export const findField = (name: string): (FieldSpec & { readonly name: FieldName }) | undefined =>
  BY_NAME.get(name.toLowerCase());

/** Every name and alias. */
export const fieldNames = (): readonly string[] => [...BY_NAME.keys()];
