/** Looks a database over: every section, one after the other, whatever the others could tell. */
import { worstFirst } from '../../findings/finding.ts';
import { duplicates } from './duplicates.ts';
import { type Asked, type Looked, lookAt, type Probe } from './probe.ts';
import type { Report } from './report.ts';
import * as absent from './sqlite/absent.ts';
import * as file from './sqlite/files.ts';
import * as tables from './sqlite/tables.ts';
import * as whole from './sqlite/whole.ts';
import { computed } from './sqlserver/computed.ts';
import { growth, server } from './sqlserver/edition.ts';
import * as space from './sqlserver/files.ts';
import { indexes, missingIndexes } from './sqlserver/indexes.ts';
import { inserts } from './sqlserver/inserts.ts';
import { memory } from './sqlserver/memory.ts';
import { processor } from './sqlserver/processor.ts';
import { scans } from './sqlserver/queries.ts';
import { blocking, sessions } from './sqlserver/sessions.ts';
import { settings } from './sqlserver/settings.ts';
import { waits } from './sqlserver/waits.ts';

/** In the order in which they are shown. */
const PROBES: Readonly<Record<Report['kind'], readonly Probe[]>> = {
  sqlserver: [
    ...[
      server,
      processor,
      memory,
      sessions,
      blocking,
      waits,
      scans,
      inserts,
      duplicates,
      indexes,
      missingIndexes,
      computed,
    ],
    ...[settings, space.files, space.log, space.disks, growth],
  ],
  sqlite: [
    ...[
      absent.processor,
      absent.memory,
      file.processes,
      absent.blocking,
      absent.waits,
      absent.statements,
      absent.inserts,
    ],
    ...[
      duplicates,
      tables.indexes,
      absent.missingIndexes,
      tables.computed,
      absent.settings,
      file.files,
      file.log,
      file.disk,
    ],
    ...[whole.growth, whole.integrity, whole.schema],
  ],
};

export interface ExamineOptions extends Asked {
  /** Called before each section. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Ends it after the section that is being looked at. */
  readonly stop?: AbortSignal;
}

/** Undefined where it was stopped. Throws `ConsoleError` where the database cannot be reached any more. */
export async function examine(options: ExamineOptions): Promise<Report | undefined> {
  const { db, now, onProgress, stop } = options;
  const probes = PROBES[db.kind];
  const looked: Looked[] = [];
  for (const [at, probe] of probes.entries()) {
    if (stop?.aborted === true) return undefined;
    onProgress?.(at, probes.length);
    looked.push(await lookAt(probe, options));
  }
  return {
    database: db.name,
    kind: db.kind,
    at: new Date(now).toISOString(),
    sections: looked.map(({ section }) => section),
    findings: worstFirst(looked.flatMap(({ findings }) => findings)),
    measures: looked.flatMap(({ measures }) => measures),
  };
}
