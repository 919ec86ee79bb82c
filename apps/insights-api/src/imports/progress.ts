import type { ImportState } from '@scorpiox/shared/contract';
import { DELETED } from '../ingest/pipeline/window.ts';
import { IMPORT_EXAMPLES } from '../limits.ts';
import type { SubmissionOutcome } from '../store/port.ts';
import type { ReadPage } from './read-page.ts';

/** Whether every submission of a page is stored. */
export type StoredOutcome = Extract<SubmissionOutcome, { kind: 'stored' }>;

const REFUSED = { reason: 'refused', message: 'The database would not store this event.' } as const;

/** The state after a page that was committed; `next` is where the one after it begins. */
export function addPage(
  state: ImportState,
  page: ReadPage,
  outcomes: readonly StoredOutcome[],
  next: bigint,
): ImportState {
  const refused = outcomes.flatMap(({ refused: places, tooOld = [] }, number) => {
    const keyOf = (place: number) => page.keys[number]?.[place] ?? next;
    return [
      ...places.map((place) => ({ key: keyOf(place), ...REFUSED })),
      ...tooOld.map((place) => ({ key: keyOf(place), ...DELETED })),
    ];
  });
  const leftOut = { ...state.leftOut };
  const examples = [...state.examples];
  for (const { key, reason, message } of [...page.leftOut, ...refused]) {
    const before = leftOut[reason] ?? 0;
    leftOut[reason] = before + 1;
    if (before < IMPORT_EXAMPLES) examples.push({ key: String(key), reason, message });
  }
  const events = page.submissions.reduce((sum, submission) => sum + submission.events.length, 0);
  return {
    ...state,
    next: String(next),
    read: state.read + events + page.leftOut.length,
    accepted: state.accepted + outcomes.reduce((sum, { accepted }) => sum + accepted, 0),
    duplicates: state.duplicates + outcomes.reduce((sum, { duplicates }) => sum + duplicates, 0),
    leftOut,
    examples,
  };
}

/** How much of it is done, 0 … 1. */
export function partDone({ finishedAt, read, rows }: ImportState): number {
  if (finishedAt !== null) return 1;
  return rows.before === 0 ? 0 : Math.min(1, read / rows.before);
}

/** What an operator should know, as sentences. */
export function notesOf({ leftOut, rows, read, starts }: ImportState): readonly string[] {
  const tooOld = leftOut['too-old'] ?? 0;
  const unknown = leftOut['unknown-app'] ?? 0;
  return [
    ...(tooOld === 0
      ? []
      : [
          `${tooOld} rows are older than their application's events are kept, and retention would delete them at once, or from a time whose events it has deleted already. For the former set it (scorpiox app retention NAME DAYS), then start the import again; the latter never come back.`,
        ]),
    ...(unknown === 0
      ? []
      : [
          `${unknown} rows are of applications that are not there: add them (scorpiox app add NAME), then start the import again.`,
        ]),
    ...(rows.after === null || rows.after === read
      ? []
      : [
          `The table has ${rows.after} rows now and ${read} were read: it was changed meanwhile. Start the import again.`,
        ]),
    ...(starts === 1
      ? []
      : [
          `It was started ${starts} times: each time it was cut off, up to a page of rows may have been stored but not noted, and counts among the duplicates now.`,
        ]),
  ];
}
