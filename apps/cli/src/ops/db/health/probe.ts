/** How one thing is looked at, so that what cannot be looked at does not keep from the rest. */
import { type Console, ConsoleError, type Row, type Statement } from '@scorpiox/shared/database/console';
import { UnexpectedCell } from '../dialect/rows.ts';
import type { DatabaseFinding, Measure, Section, Told } from './report.ts';

/** What a look has at hand. */
export interface Asked {
  readonly db: Console;
  /** Of SQLite. */
  readonly file?: string;
  /** Keys by which duplicates are counted. */
  readonly keys: readonly TableKey[];
  /** Whether what takes long is read too. */
  readonly deep: boolean;
  /** Waits so long, milliseconds. */
  readonly pause: (ms: number) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** A table and columns, as the operator wrote them. */
export interface TableKey {
  readonly table: string;
  readonly columns: readonly string[];
}

export interface Probe {
  readonly section: string;
  look(asked: Asked): Promise<Told>;
}

/** Something was not looked at. The message says so, and why. */
export class NotTold extends Error {}

export const rowsOf = async (db: Pick<Console, 'run'>, statement: Statement): Promise<readonly Row[]> =>
  (await db.run(statement)).sets[0] ?? [];

/** What only a database of this platform has. */
export async function ourRows<T>(look: () => Promise<T>, otherwise: string): Promise<T> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof ConsoleError && error.code === 'no-such-object') throw new NotTold(otherwise);
    throw error;
  }
}

export interface Looked {
  readonly section: Section;
  readonly findings: readonly DatabaseFinding[];
  readonly measures: readonly Measure[];
}

/** Looks; where that cannot be, says why. Throws `ConsoleError` where the database cannot be reached any more. */
export async function lookAt({ section, look }: Probe, asked: Asked): Promise<Looked> {
  try {
    const { summary, facts = {}, rows = [], findings = [], measures = [] } = await look(asked);
    const placed = findings.map((one) => ({ ...one, section }));
    return { section: { section, reason: null, summary, facts, rows }, findings: placed, measures };
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === undefined) throw error;
    return { section: { section, reason, summary: '', facts: {}, rows: [] }, findings: [], measures: [] };
  }
}

/** A server that is another, older or smaller one, or does not let this account see it, answers with an error. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof NotTold) return error.message;
  if (error instanceof UnexpectedCell) return `not understood: the server answers otherwise (${error.message})`;
  if (!(error instanceof ConsoleError) || error.code === 'unavailable') return undefined;
  if (error.code === 'lost') return `not answered in time, or the connection was lost (${plain(error)})`;
  return `not available on this server: ${plain(error)}`;
}

const plain = ({ message }: Error): string => message.replace(/\s+/g, ' ').replace(/[.\s]+$/, '');
