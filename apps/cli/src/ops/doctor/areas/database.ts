/** The insights database: there, readable, whole, and of this program's version. */
import { isBehind, MIGRATIONS, MOVE_MARKS, whyTooNew } from '@scorpiox/shared/database';
import { type Finding, findingsOf } from '../../findings/finding.ts';
import type { Area, Patient } from '../area.ts';
import { lookOver } from '../sqlite.ts';

const finding = findingsOf<'schema-old' | 'schema-too-new' | 'unreachable' | 'damaged' | 'unreadable' | 'not-checked'>(
  'database',
);

/** What stands in the place of a version while the database is moved. */
const MOVING: ReadonlySet<number> = new Set(Object.values(MOVE_MARKS));

export const database: Area = {
  name: 'database',
  look: (patient) => {
    const { database: location } = patient.config.insights;
    return location.kind === 'sqlite' ? fileFindings(location.file, patient) : serverFindings(patient);
  },
};

async function fileFindings(file: string, patient: Patient): Promise<readonly Finding[]> {
  const mend = `Stop the platform and put a backup in the place of ${file} (docs/api.md, Backups).`;
  const { version, findings } = await lookOver(file, patient, { finding, mend });
  const newest = MIGRATIONS.at(-1)?.version ?? 0;
  if (version === undefined || version === 0 || version === newest) return findings;
  if (version > newest) {
    const mends = MOVING.has(version) ? 'scorpiox db migrate' : 'Run the program that migrated it, or a later one.';
    return [...findings, finding('fault', 'schema-too-new', file, whyTooNew(file, version), mends)];
  }
  return [...findings, behind(file)];
}

async function serverFindings({ config }: Patient): Promise<readonly Finding[]> {
  const { database: location } = config.insights;
  if (location.kind !== 'mssql') return [];
  const subject = `${location.host}:${location.port}/${location.database}`;
  const isOld = await isBehind(location);
  if (!isOld.ok)
    return [finding('fault', 'unreachable', subject, isOld.error.message, 'docs/sql-server.md says what it needs.')];
  return isOld.value ? [behind(subject)] : [];
}

const behind = (subject: string): Finding =>
  finding(
    'warning',
    'schema-old',
    subject,
    `${subject} was left by an older program; the next start brings it to this version.`,
    'scorpiox up',
  );
