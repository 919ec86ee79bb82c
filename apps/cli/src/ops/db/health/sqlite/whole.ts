/** Whether a file of SQLite is whole, and of which version. */
import { MIGRATIONS } from '@scorpiox/shared/database';
import { tellBytes } from '../../../amounts.ts';
import { QUICK_CHECK_BYTES } from '../../../limits.ts';
import { number, optionalNumber, text } from '../../dialect/rows.ts';
import { NOT_NOTED, tellGrowth } from '../growth.ts';
import { GROWTH_SPAN_MS, PROBLEMS_SHOWN } from '../limits.ts';
import { NotTold, ourRows, type Probe, rowsOf } from '../probe.ts';
import { found, type Told } from '../report.ts';
import { roomOf } from './files.ts';
import { FILE, SCHEMA_VERSION, SIZE_SAMPLES } from './statements.ts';

export const integrity: Probe = {
  section: 'integrity',
  look: async ({ db, deep }) => {
    const [file] = await rowsOf(db, { text: FILE });
    const bytes = file === undefined ? 0 : number(file, 'page_count') * number(file, 'page_size');
    if (!deep && bytes > QUICK_CHECK_BYTES) {
      throw new NotTold(`not read: the file has ${tellBytes(bytes)}, --deep reads it to its end`);
    }
    const check = deep ? 'integrity_check' : 'quick_check';
    const rows = await rowsOf(db, { text: `PRAGMA ${check}(${PROBLEMS_SHOWN})` });
    return tellIntegrity(
      rows.map((row) => text(row, check)).filter((line) => line !== 'ok'),
      deep,
    );
  },
};

export const schema: Probe = {
  section: 'schema',
  look: async ({ db }) => {
    const [row] = await ourRows(() => rowsOf(db, { text: SCHEMA_VERSION }), 'not a database of this platform');
    return tellSchema(row === undefined ? 0 : (optionalNumber(row, 'version') ?? 0));
  },
};

export const growth: Probe = {
  section: 'growth',
  look: async (asked) => {
    const statement = { text: SIZE_SAMPLES, parameters: { since: asked.now - GROWTH_SPAN_MS } };
    const rows = await ourRows(() => rowsOf(asked.db, statement), NOT_NOTED);
    return tellGrowth(
      rows.map((row) => ({ at: number(row, 'at'), bytes: number(row, 'bytes') })),
      await roomOf(asked),
    );
  },
};

const tellIntegrity = (problems: readonly string[], isDeep: boolean): Told => ({
  summary:
    problems.length === 0
      ? `whole${isDeep ? '' : ' (indexes were not compared: --deep does)'}`
      : `${problems.length} faults`,
  rows: problems.map((problem) => ({ problem })),
  findings: problems.slice(0, 1).map((problem) =>
    found('fault', 'damaged', '', 'The file is damaged.', {
      evidence: problem,
      mend: 'Stop what uses it and put a backup in its place (docs/api.md, Backups); sqlite3 FILE .recover gets what can be had.',
    }),
  ),
});

export function tellSchema(version: number, newest = MIGRATIONS.at(-1)?.version ?? 0): Told {
  const evidence = `version ${version}; this program's is ${newest}`;
  const told = { summary: evidence, facts: { version, newest } };
  if (version === newest) return told;
  return {
    ...told,
    findings: [
      version < newest
        ? found(
            'warning',
            'schema-old',
            '',
            'It was left by an older program; the next start brings it to this version.',
            {
              evidence,
              mend: 'scorpiox up',
            },
          )
        : found('fault', 'schema-too-new', '', 'A newer program has changed it, and this one cannot use it.', {
            evidence,
            mend: 'Run the program that migrated it, or a later one.',
          }),
    ],
  };
}
