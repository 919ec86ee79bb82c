import {
  type Bound,
  type Pattern,
  type Place,
  type Query,
  type Test,
  toJsonPattern,
} from '@scorpiox/shared/query-language';

/*
 * Queries as SQL
 *
 * Rules: a text of the asker's is a parameter, never part of the statement. Every condition is true or false, never NULL,
 * so that NOT turns exactly one into the other; hence `IS NOT NULL AND` before each. What the conditions say is what
 * `makePredicate` says of an event in memory: tests hold all of them against each other.
 */

/** The events table's name inside a condition. */
export const EVENT = 'e';

/** What differs between databases. Expressions are SQL. */
export interface Dialect {
  column(name: string): string;
  /** Whether a text fits a pattern, letters A–Z aside. */
  like(expression: string, pattern: Pattern, whole: boolean): string;
  /** Whether a text is a whole number of 1 … 9 digits, and that number. */
  isCode(expression: string): string;
  codeNumber(expression: string): string;
  /** A parameter's place. */
  number(type: 'int' | 'bigint' | 'float', value: number): string;
  word(value: string): string;
  /** Whether a map (a column of JSON) has the key, and its value fulfils a test. */
  hasEntry(map: string, key: string, test: (value: string) => string): string;
  /** The number that the value of an entry is. */
  entryNumber(value: string): string;
}

const COLUMNS: Readonly<Record<Exclude<Place['field'], 'app'>, string>> = {
  kind: 'kind',
  name: 'name',
  duration: 'duration_us',
  success: 'success',
  status: 'code',
  severity: 'severity',
  message: 'message',
  user: 'user',
  session: 'session',
  operation: 'operation_id',
  id: 'id',
  parent: 'parent_id',
  instance: 'instance',
  version: 'version',
  value: 'value',
  unit: 'unit',
  count: 'weight',
  properties: 'properties',
  measurements: 'measurements',
};

/** The column of a field; applications are known by their number, not by a column of their name. */
export function columnOf({ field }: Place): string {
  if (field === 'app') throw new Error('a query is narrowed to an application before it is asked');
  return COLUMNS[field];
}

const TRUE = '1 = 1';

/** The condition that an event fulfils a query. */
export function toCondition(query: Query, dialect: Dialect): string {
  switch (query.op) {
    case 'all':
      return TRUE;
    case 'and':
    case 'or':
      return `(${query.parts.map((part) => toCondition(part, dialect)).join(query.op === 'and' ? ' AND ' : ' OR ')})`;
    case 'not':
      return `NOT (${toCondition(query.part, dialect)})`;
    default:
      return testToCondition(query, dialect);
  }
}

function testToCondition(test: Test, dialect: Dialect): string {
  switch (test.op) {
    case 'present':
      return inPlace(test, dialect, (value) => `${value} IS NOT NULL`);
    case 'match':
      return inPlace(test, dialect, (value) => dialect.like(value, test.pattern, test.whole));
    case 'compare':
      return inPlace(test, dialect, (value) => compared(test, value, dialect));
    case 'kind':
      return `${dialect.column('kind')} = ${dialect.word(test.kind)}`;
    case 'severity': {
      const column = dialect.column('severity');
      return `(${column} IS NOT NULL AND ${column} IN (${test.severities.map((one) => dialect.word(one)).join(', ')}))`;
    }
    case 'success': {
      const column = dialect.column('success');
      return `(${column} IS NOT NULL AND ${column} = ${dialect.number('int', Number(test.success))})`;
    }
    case 'text':
      return searched(test.pattern, dialect);
  }
}

/** A test of a column, or of an entry of the map in it. */
function inPlace(place: Place, dialect: Dialect, test: (value: string) => string): string {
  const column = dialect.column(columnOf(place));
  if (place.key !== undefined) return `(${column} IS NOT NULL AND ${dialect.hasEntry(column, place.key, test)})`;
  return `(${column} IS NOT NULL AND ${test(column)})`;
}

function compared({ field, from, to }: Extract<Test, { op: 'compare' }>, value: string, dialect: Dialect): string {
  const number = field === 'status' ? dialect.codeNumber(value) : toNumber(field, value, dialect);
  const type = field === 'status' ? 'int' : field === 'duration' ? 'bigint' : 'float';
  const one = (sign: string, bound: Bound | undefined) =>
    bound === undefined ? [] : [`${number} ${sign}${bound.inclusive ? '=' : ''} ${dialect.number(type, bound.value)}`];
  const conditions = [...(field === 'status' ? [dialect.isCode(value)] : []), ...one('>', from), ...one('<', to)];
  return conditions.join(' AND ');
}

const toNumber = (field: Place['field'], value: string, dialect: Dialect): string =>
  field === 'measurements' ? dialect.entryNumber(value) : value;

function searched(pattern: Pattern, dialect: Dialect): string {
  const json = toJsonPattern(pattern);
  const conditions = ['name', 'message', 'code', 'properties'].map((name) => {
    const column = dialect.column(name);
    return `(${column} IS NOT NULL AND ${dialect.like(column, name === 'properties' ? json : pattern, false)})`;
  });
  return `(${conditions.join(' OR ')})`;
}

/** What counts as a failure in a histogram: what `isFailure` says of an event in memory. */
export const failureCondition = (dialect: Dialect): string =>
  toCondition(
    {
      op: 'or',
      parts: [
        { op: 'success', success: false },
        { op: 'kind', kind: 'exception' },
        {
          op: 'and',
          parts: [
            { op: 'kind', kind: 'trace' },
            { op: 'severity', severities: ['error', 'critical'] },
          ],
        },
      ],
    },
    dialect,
  );
