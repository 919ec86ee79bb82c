import { type Static, Type } from 'typebox';
import { EVENT_KINDS } from '../telemetry/event.ts';

/** What of an event a column can be. `count`: how many events the row stands for. */
export const IMPORT_FIELDS = [
  'time',
  'name',
  'app',
  'kind',
  'duration',
  'success',
  'code',
  'id',
  'operationId',
  'parentId',
  'message',
  'severity',
  'value',
  'unit',
  'user',
  'session',
  'instance',
  'version',
  'count',
] as const;
export type ImportField = (typeof IMPORT_FIELDS)[number];

const column = Type.String({ minLength: 1, maxLength: 128 });
const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) => Type.Union([type, Type.Null()]);
const moment = Type.String();

/** Body of `POST /api/imports`: docs/importing.md. */
export const ImportRequest = Type.Object(
  {
    /** The name of a file in `<data_dir>/imports`: a SQLite database, or `….mssql` with a SQL Server's address in it. */
    source: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$' }),
    /** A table or a view. */
    table: Type.String({ minLength: 1, maxLength: 257 }),
    /** The application of all rows; absent where a column names it. */
    app: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    /** What all rows are, where no column says it; `request` when absent. */
    kind: Type.Optional(Type.Enum([...EVENT_KINDS])),
    /** A column of whole numbers, each once, in whose order rows are read. */
    key: Type.Optional(column),
    /** Columns by field, where they do not bear a usual name. */
    columns: Type.Optional(
      Type.Partial(
        Type.Object(
          // fromEntries forgets the names that it was given.
          Object.fromEntries(IMPORT_FIELDS.map((field) => [field, column])) as Record<ImportField, typeof column>,
          { additionalProperties: false },
        ),
      ),
    ),
    /** Columns that become properties of the event. */
    properties: Type.Optional(Type.Array(column, { maxItems: 200 })),
  },
  { additionalProperties: false },
);
export type ImportRequest = Static<typeof ImportRequest>;

/** How far an import is, as it is kept on disk. */
export const ImportState = Type.Object({
  /** The same for the same request. */
  id: Type.String(),
  source: Type.String(),
  table: Type.String(),
  /** The column in whose order it reads, and where it goes on (a whole number of 64 bits). */
  key: Type.String(),
  next: Type.String({ pattern: '^-?[0-9]{1,19}$' }),
  /** Fields with their columns; columns that nothing is read from. */
  columns: Type.Record(Type.String(), Type.String()),
  ignored: Type.Array(Type.String()),
  /** Rows of the table when it began, and when it was through. */
  rows: Type.Object({ before: Type.Integer(), after: nullable(Type.Integer()) }),
  /** Events ever stored of the applications concerned, whoever sent them, at the same two moments. */
  stored: Type.Object({ before: Type.Integer(), after: nullable(Type.Integer()) }),
  /** Rows that were read: read = accepted + duplicates + all of `leftOut`. */
  read: Type.Integer(),
  accepted: Type.Integer(),
  duplicates: Type.Integer(),
  /** Rows that made no event, by reason. */
  leftOut: Type.Record(Type.String(), Type.Integer()),
  /** The first of them by reason: the row's key and what is wrong, none of its values. */
  examples: Type.Array(Type.Object({ key: Type.String(), reason: Type.String(), message: Type.String() })),
  /** How often it was started: once, and again after each time that it was cut off. */
  starts: Type.Integer(),
  startedAt: moment,
  finishedAt: nullable(moment),
  /** Why it stopped before its end. */
  problem: nullable(Type.String()),
});
export type ImportState = Static<typeof ImportState>;

/** Answer of `GET /api/imports`: newest first. */
export const ImportsResponse = Type.Object({
  /** The id of the one under way. */
  running: nullable(Type.String()),
  imports: Type.Array(
    Type.Object({
      ...ImportState.properties,
      /** 0 … 100 of the rows that were there when it began. */
      percent: Type.Number(),
      /** What an operator should know of it, as sentences. */
      notes: Type.Array(Type.String()),
    }),
  ),
});
