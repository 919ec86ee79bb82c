/** How a value is written on either kind of database: integers exactly, reals as doubles, texts as Unicode. */
export type InsightsType = 'int' | 'real' | 'text' | 'bytes';

export interface InsightsColumn {
  /** On the embedded database, and wherever rows are spoken of. */
  readonly name: string;
  readonly type: InsightsType;
  /** On a SQL Server. */
  readonly server: string;
  /** `nvarchar(1024)` and the like. */
  readonly serverType: string;
}

/**
 * A column that only a SQL Server has, because texts do not make keys there (../sqlserver/schema.ts): a text in lower case,
 * or the first 16 bytes of the SHA-256 of its UTF-8.
 */
interface StandIn {
  readonly server: string;
  readonly serverType: string;
  readonly for: string;
  readonly how: 'lower-case' | 'hash';
}

/** A table of the insights database, as both kinds of database have it. */
export interface InsightsTable {
  readonly sqlite: string;
  /** With its schema: `dbo.scorpiox_event`. */
  readonly server: string;
  readonly columns: readonly InsightsColumn[];
  /** Columns that name a row. */
  readonly key: readonly string[];
  /** What the server has for one of them, or in its place. */
  readonly standIn?: StandIn;
  /**
   * Where the text stands on the server that it has only the stand-in of here: a row of that table with the same columns.
   * Rows of which there is none wait to be deleted, and are left out.
   */
  readonly namedBy?: { readonly sqlite: string; readonly server: string; readonly by: readonly string[] };
  /** Columns at the beginning of the key that have few values: rows are gone through one such set of values at a time … */
  readonly within: readonly string[];
  /** … in the order of this one, an integer or bytes, which both kinds of database order alike. Absent in small tables. */
  readonly along?: string;
  /** Whether the server gives the key out by itself. */
  readonly isIdentity: boolean;
}

interface Shape extends Pick<InsightsTable, 'standIn' | 'namedBy' | 'along'> {
  readonly key: string;
  readonly columns: string;
  readonly within?: string;
  readonly isIdentity?: true;
}

/** `columns`: `name type, name=name-on-the-server type, …`. */
export function table(sqlite: string, server: string, shape: Shape): InsightsTable {
  const { key, columns, within = '', isIdentity = false, ...more } = shape;
  return {
    sqlite,
    server: serverName(server),
    columns: columns.split(/,\s*/).map(column),
    key: words(key),
    within: words(within),
    isIdentity,
    ...more,
  };
}

export const serverName = (name: string): string => `dbo.scorpiox_${name}`;

function column(text: string): InsightsColumn {
  const [names = '', serverType = ''] = words(text);
  const [name = '', server = name] = names.split('=');
  return { name, server, serverType, type: typeOf(serverType) };
}

function typeOf(serverType: string): InsightsType {
  if (serverType === 'float') return 'real';
  if (serverType.includes('binary')) return 'bytes';
  return serverType.includes('char') ? 'text' : 'int';
}

const words = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');
