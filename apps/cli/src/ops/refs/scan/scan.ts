/**
 * `refs scan`: where a path is said, below some folders. Nothing is changed.
 *
 * This thread walks, and counts in files together with a second one (crew.ts). git is asked at the end, and only about files
 * in which something was found. What is kept is counts; memory does not grow with files, and with findings up to a bound
 * (limits.ts).
 */
import { setFlagsFromString } from 'node:v8';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import type { Environment } from '../../git/environment.ts';
import type { AbsolutePath } from '../absolute-path.ts';
import { searchFor } from '../match.ts';
import { replaceHits } from '../replace.ts';
import { Crew } from './crew.ts';
import { Findings, type Report } from './findings.ts';
import type { Excludes } from './glob.ts';
import { settle } from './settle.ts';
import { resolveRoots, walk } from './walk.ts';

export interface ScanRequest {
  /** Absolute paths of folders or files. */
  readonly roots: readonly string[];
  readonly from: AbsolutePath;
  /** What commands that mend are to write; `/NEW` where it is not known. */
  readonly to?: AbsolutePath;
  readonly excludes?: Excludes;
  /** For git. */
  readonly env: Environment;
  readonly signal: AbortSignal;
  /** Files that were looked through. */
  readonly onProgress?: (files: number) => void;
}

const NEW: AbsolutePath = { names: ['NEW'], text: '/NEW' };

/** Everything that is found, with how git sees it and what mends it. */
export async function scan(request: ScanRequest): Promise<Result<Report, Failure>> {
  const roots = await resolveRoots(request.roots);
  if (!roots.ok) return roots;
  // V8 would rather take memory than collect what so many files leave behind: three times as much, to be a tenth faster.
  setFlagsFromString('--optimize-for-size');
  const findings = new Findings();
  const crew = new Crew(request, findings);
  try {
    for (const root of roots.value) {
      for await (const { home, entries } of walk(root, request.excludes)) {
        findings.sawHome(home);
        for (const entry of entries) {
          if (crew.give(entry)) await crew.work();
          if (request.signal.aborted) return err(INTERRUPTED);
        }
      }
    }
    await crew.finish();
  } finally {
    await crew.end();
  }
  if (request.signal.aborted) return err(INTERRUPTED);
  const search = searchFor(request.from);
  const to = request.to ?? NEW;
  const moved = (octets: Buffer): Buffer => replaceHits(octets, search.inFile(octets).hits, to);
  const report = await settle(findings, { search, moved, env: request.env }, request.signal);
  return request.signal.aborted ? err(INTERRUPTED) : ok(report);
}

const INTERRUPTED: Failure = {
  kind: 'interrupted',
  message: 'Interrupted: what is below the folders was not seen to its end.',
};
