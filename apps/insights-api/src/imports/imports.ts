import { hash } from 'node:crypto';
import type { ImportRequest, ImportState } from '@scorpiox/shared/contract';
import type { Control } from '@scorpiox/shared/database';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { toOwner } from '../ingest/admission/admission.ts';
import type { Owner } from '../ingest/pipeline/pipeline.ts';
import type { Store } from '../store/port.ts';
import type { WorkBoard } from '../work/board.ts';
import { type ColumnMap, mapColumns } from './columns.ts';
import { partDone } from './progress.ts';
import type { ProgressFiles } from './progress-files.ts';
import type { Reading } from './read-page.ts';
import { type RunDeps, runImport } from './run-import.ts';
import { FIRST_KEY, type ImportSource, type SourceTable } from './source.ts';

/** Where imported events go: a store that answers when the database itself has committed. */
export interface ImportSink {
  readonly store: Pick<Store, 'write' | 'health'>;
  close(): Promise<void>;
}

export interface ImportsDeps extends Pick<RunDeps, 'now' | 'pause'> {
  readonly files: ProgressFiles;
  readonly openSource: (request: ImportRequest) => Promise<Result<ImportSource, string>>;
  readonly openSink: () => Promise<ImportSink>;
  readonly control: Pick<Control, 'apps'>;
  readonly board: WorkBoard;
}

/** Why an import does not begin, as a sentence. */
export interface ImportProblem {
  readonly code: 'busy' | 'bad-request';
  readonly message: string;
  readonly field?: string;
}

/** What is needed to read a table, and where that goes. */
interface Prepared {
  readonly source: ImportSource;
  readonly table: SourceTable;
  readonly reading: Reading;
}

/** Imports of old tables, one at a time. The same request again goes on where it was cut off, or begins anew at its end. */
export class Imports {
  readonly #deps: ImportsDeps;
  readonly #stop = new AbortController();
  #starting = false;
  #running: { readonly id: string; readonly done: Promise<void> } | undefined;

  constructor(deps: ImportsDeps) {
    this.#deps = deps;
  }

  get running(): string | undefined {
    return this.#running?.id;
  }

  states(): readonly ImportState[] {
    return this.#deps.files.all();
  }

  /** Looks at the table and begins. */
  async start(request: ImportRequest): Promise<Result<ImportState, ImportProblem>> {
    if (this.#starting || this.#running !== undefined || this.#stop.signal.aborted) {
      return err({ code: 'busy', message: 'An import is under way already: GET /api/imports says how far it is.' });
    }
    this.#starting = true;
    try {
      const prepared = await this.#prepare(request);
      if (!prepared.ok) return prepared;
      return ok(await this.#begin(request, prepared.value));
    } finally {
      this.#starting = false;
    }
  }

  /** Ends after the page under way; resolves when nothing of it is left. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running?.done;
  }

  async #prepare(request: ImportRequest): Promise<Result<Prepared, ImportProblem>> {
    const apps = await this.#deps.control.apps();
    const owners = new Map(apps.map((app) => [app.name.toLowerCase(), toOwner(app)]));
    const { app } = request;
    if (app !== undefined && !owners.has(app.toLowerCase())) {
      return refuse('app', `There is no application ${app}: add it first (scorpiox app add).`);
    }
    const opened = await this.#deps.openSource(request);
    if (!opened.ok) return refuse('source', opened.error);
    const source = opened.value;
    const found = await describe(source, request);
    if (found.ok) return ok({ source, table: found.value.table, reading: toReading(request, found.value.map, owners) });
    await source.close();
    return found;
  }

  async #begin(request: ImportRequest, { source, table, reading }: Prepared): Promise<ImportState> {
    const { files, board, openSink, now } = this.#deps;
    let sink: ImportSink | undefined;
    try {
      sink = await openSink();
      const id = idOf(request);
      const cutOff = files.find(id);
      const begun =
        cutOff === undefined || cutOff.finishedAt !== null
          ? fresh(id, request, table, await storedIn(sink, reading), now())
          : { ...cutOff, starts: cutOff.starts + 1, problem: null };
      const state = { ...begun, key: table.key, ...told(reading.map) };
      files.save(state);
      const work = board.begin('import', `${state.source} ${state.table}`, partDone(state));
      const opened = { source, sink };
      const done = this.#run(state, { ...opened, reading, work }).finally(async () => {
        await closeAll(opened);
        work.end();
        this.#running = undefined;
      });
      this.#running = { id, done };
      return state;
    } catch (error) {
      await closeAll({ source, sink });
      throw error;
    }
  }

  async #run(
    begun: ImportState,
    { source, sink, reading, work }: Pick<RunDeps, 'source' | 'reading' | 'work'> & { readonly sink: ImportSink },
  ): Promise<void> {
    const { files, now, pause } = this.#deps;
    let state = begun;
    const save = (next: ImportState) => {
      files.save(next);
      state = next;
    };
    const { signal } = this.#stop;
    try {
      if (!(await runImport(begun, { source, reading, store: sink.store, work, save, now, pause, signal }))) return;
      const rows = { ...state.rows, after: await source.count() };
      const stored = { ...state.stored, after: await storedIn(sink, reading) };
      save({ ...state, rows, stored, finishedAt: new Date(now()).toISOString() });
    } catch (error) {
      tryTo(() => files.save({ ...state, problem: error instanceof Error ? error.message : String(error) }));
    }
  }
}

async function closeAll({ source, sink }: { source: ImportSource; sink: ImportSink | undefined }): Promise<void> {
  await Promise.allSettled([source.close(), sink?.close()]); // what cannot be closed is gone already
}

const refuse = (field: string, message: string) => err<ImportProblem>({ code: 'bad-request', field, message });

/** A full disk may be what the problem is: then its note has no place either, and the import shows as cut off. */
function tryTo(work: () => void): void {
  try {
    work();
  } catch {}
}

async function describe(
  source: ImportSource,
  request: ImportRequest,
): Promise<Result<{ readonly table: SourceTable; readonly map: ColumnMap }, ImportProblem>> {
  try {
    const table = await source.describe();
    if (!table.ok) return refuse('table', table.error);
    const map = mapColumns(request, table.value.columns, table.value.key);
    return map.ok ? ok({ table: table.value, map: map.value }) : refuse(map.error.field, map.error.message);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return refuse('source', `${request.source} cannot be read: ${reason}.`);
  }
}

const toReading = (
  { app, kind = 'request' }: ImportRequest,
  map: ColumnMap,
  owners: ReadonlyMap<string, Owner>,
): Reading => ({ map, kind, app, owners });

/** The same for the same request, whatever the order of its fields. */
function idOf({ source, table, app, kind, key, columns = {}, properties }: ImportRequest): string {
  const named = Object.entries(columns).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return hash('sha256', JSON.stringify([source, table, app, kind, key, named, properties])).slice(0, 16);
}

function fresh(
  id: string,
  { source, table }: ImportRequest,
  found: SourceTable,
  stored: number,
  now: number,
): ImportState {
  return {
    id,
    source,
    table,
    key: found.key,
    next: String(FIRST_KEY),
    columns: {},
    ignored: [],
    rows: { before: found.rows, after: null },
    stored: { before: stored, after: null },
    read: 0,
    accepted: 0,
    duplicates: 0,
    leftOut: {},
    examples: [],
    starts: 1,
    startedAt: new Date(now).toISOString(),
    finishedAt: null,
    problem: null,
  };
}

/** Which column is read for what. */
function told({ columns, fields, properties, ignored }: ColumnMap): Pick<ImportState, 'columns' | 'ignored'> {
  const named = Object.entries(fields).map(([field, place]) => [field, columns[place] ?? ''] as const);
  const own = properties.map(({ name }) => [`properties.${name}`, name] as const);
  return { columns: Object.fromEntries([...named, ...own]), ignored: [...ignored] };
}

/** Events ever stored of the applications that rows may be of. */
async function storedIn({ store }: ImportSink, { app, owners }: Reading): Promise<number> {
  const { apps } = await store.health();
  return apps
    .filter(({ name }) =>
      app === undefined ? owners.has(name.toLowerCase()) : name.toLowerCase() === app.toLowerCase(),
    )
    .reduce((sum, { counters }) => sum + counters.accepted, 0);
}
