import { column, place } from '../rows/table.ts';
import { type Fill, parameters } from './fill.ts';
import type { After, FillTexts, Stretch } from './texts.ts';

/**
 * How a value of a type becomes a text and the same value again (https://learn.microsoft.com/sql/t-sql/functions/cast-and-convert-transact-sql):
 * 121 has all digits of a time, 3 of a float, 2 of money, 1 is hexadecimal.
 */
const STYLES: readonly (readonly [RegExp, number])[] = [
  [/^(date|datetime|datetime2|datetimeoffset|smalldatetime|time)\b/i, 121],
  [/^(float|real)\b/i, 3],
  [/^(money|smallmoney)\b/i, 2],
  [/^(binary|varbinary|timestamp|rowversion)\b/i, 1],
];

const styleOf = (type: string): string => {
  const style = STYLES.find(([pattern]) => pattern.test(type))?.[1];
  return style === undefined ? '' : `, ${style}`;
};

interface Part {
  readonly own: string;
  readonly text: string;
  /** The value of a parameter. */
  readonly of: (name: string) => string;
}

function partsOf({ table, identity }: Fill): readonly Part[] {
  return identity.columns.map((name, at) => {
    const type = table.columns.find((one) => one.name === name)?.type ?? '';
    const own = column('sqlserver', name);
    const style = styleOf(type);
    // A timestamp is a number of eight bytes.
    const valueType = /^(timestamp|rowversion)\b/i.test(type) ? 'binary(8)' : type;
    return {
      own,
      text: `CONVERT(nvarchar(max), ${own}${style}) AS k${at}`,
      of: (parameter) => `CONVERT(${valueType}, @${parameter}${at}${style})`,
    };
  });
}

/** Rows on one side of a key. The first column is compared once more by itself, which is what an index is sought by. */
function compared(parts: readonly Part[], sign: '>' | '<=', name: string): string {
  const [first] = parts;
  if (first === undefined) throw new TypeError('Rows are told apart by a column at least.');
  const strict = sign === '>' ? '>' : '<';
  const cases = parts.map(({ own, of }, at) => {
    const equal = parts.slice(0, at).map((before) => `${before.own} = ${before.of(name)}`);
    const isLast = at === parts.length - 1;
    return [...equal, `${own} ${isLast ? sign : strict} ${of(name)}`].join(' AND ');
  });
  if (parts.length === 1) return cases.join('');
  return `${first.own} ${strict}= ${first.of(name)} AND (${cases.map((one) => `(${one})`).join(' OR ')})`;
}

const order = (parts: readonly Part[], direction = ''): string =>
  parts.map(({ own }) => `${own}${direction}`).join(', ');

const given = ({ last }: After) => (last === undefined ? {} : parameters('last', last));

const after = (parts: readonly Part[], { last }: After): string =>
  last === undefined ? '' : `\n  WHERE ${compared(parts, '>', 'last')}`;

function stretch(parts: readonly Part[], { last, upper }: Stretch) {
  const from = last === undefined ? '' : `${compared(parts, '>', 'last')}\n  AND `;
  return {
    where: `WHERE ${from}${compared(parts, '<=', 'upper')}`,
    parameters: { ...given({ last }), ...parameters('upper', upper) },
  };
}

const own = (fill: Fill): string => column('sqlserver', fill.column.name);

const toSet = ({ column: { type }, expression }: Fill): string => `CONVERT(${type}, (${expression}))`;

/** How many requests wait for a lock of this session. Needs VIEW SERVER STATE. */
export const COUNT_BLOCKED = `SELECT COUNT(*) AS blocked FROM sys.dm_exec_requests WHERE blocking_session_id = @@SPID;`;

/** How full the log is, percent. Needs VIEW SERVER STATE, or VIEW DATABASE STATE. */
export const LOG_USED = `SELECT CONVERT(float, used_log_space_in_percent) AS used FROM sys.dm_db_log_space_usage;`;

export const TEXTS: FillTexts = {
  upper: (fill, from, size) => {
    const parts = partsOf(fill);
    return {
      text: `SELECT TOP (1) ${parts.map(({ text }) => text).join(', ')}
FROM (
  SELECT TOP (CONVERT(int, @size)) ${order(parts)}
  FROM ${place(fill.table)}${after(parts, from)}
  ORDER BY ${order(parts)}
) AS s
ORDER BY ${order(parts, ' DESC')};`,
      parameters: { ...given(from), size },
    };
  },
  set: (fill, some) => {
    const { where, parameters: of } = stretch(partsOf(fill), some);
    return { text: `UPDATE ${place(fill.table)}\nSET ${own(fill)} = ${toSet(fill)}\n${where};`, parameters: of };
  },
  differing: (fill) => ({
    text: `SELECT COUNT_BIG(*) AS "rows" FROM ${place(fill.table)}\nWHERE EXISTS (SELECT ${own(fill)} EXCEPT SELECT ${toSet(fill)});`,
  }),
  tryOut: (fill) => ({ text: `SELECT TOP (0) ${toSet(fill)} AS tried FROM ${place(fill.table)};` }),
  now: "DATEDIFF_BIG(millisecond, '19700101', SYSUTCDATETIME())",
  makeNotes: {
    text: `IF OBJECT_ID(N'dbo.scorpiox_backfills', N'U') IS NULL
CREATE TABLE dbo.scorpiox_backfills (
  id bigint NOT NULL PRIMARY KEY,
  table_name nvarchar(300) NOT NULL,
  column_name nvarchar(128) NOT NULL,
  expression nvarchar(max) NOT NULL,
  [state] varchar(16) NOT NULL,
  last_key nvarchar(max) NULL,
  done_rows bigint NOT NULL,
  total_rows bigint NOT NULL,
  batches bigint NOT NULL,
  worked_ms bigint NOT NULL,
  waits bigint NOT NULL,
  waits_for varchar(16) NULL,
  worker nvarchar(300) NULL,
  begun_at bigint NOT NULL,
  seen_at bigint NOT NULL
);`,
  },
  notes: 'dbo.scorpiox_backfills',
};
