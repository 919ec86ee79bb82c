/** Files of SQLite, looked over beside whoever has them open. */
import { inspectFile } from '@scorpiox/shared/database';
import type { Finding } from '../findings/finding.ts';
import { QUICK_CHECK_BYTES } from '../limits.ts';
import type { Patient } from './area.ts';
import { isReadable, statIfThere } from './files.ts';

export interface LookedOver {
  /** Of the schema; undefined where the file is not there or cannot be read. */
  readonly version?: number;
  readonly findings: readonly Finding[];
}

type Make = (
  level: Finding['level'],
  code: 'damaged' | 'unreadable' | 'not-checked',
  subject: string,
  message: string,
  mend?: string,
) => Finding;

/** Reads a file to its end where that takes no minutes, or was asked for. */
export async function lookOver(
  file: string,
  { thorough }: Pick<Patient, 'thorough'>,
  { finding, mend }: { readonly finding: Make; readonly mend: string },
): Promise<LookedOver> {
  const found = await statIfThere(file);
  if (found === undefined) return { findings: [] };
  // Nothing is wrong with the file then: it must not be replaced.
  if (!(await isReadable(file))) return { findings: [closed(file, finding)] };
  const isSmall = found.size <= QUICK_CHECK_BYTES;
  try {
    const { version, problems } = inspectFile(file, { check: thorough || isSmall });
    const [first] = problems;
    const skipped =
      thorough || isSmall
        ? []
        : [
            finding(
              'note',
              'not-checked',
              file,
              `${file} is large and was not read to its end.`,
              'scorpiox doctor --thorough',
            ),
          ];
    if (first === undefined) return { version, findings: skipped };
    return { version, findings: [finding('fault', 'damaged', file, `${file} is damaged: ${first}.`, mend)] };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { findings: [finding('fault', 'unreadable', file, `${file} cannot be read: ${why}.`, mend)] };
  }
}

const closed = (file: string, finding: Make): Finding =>
  finding(
    'fault',
    'unreadable',
    file,
    `This user may not read ${file}.`,
    'Run the doctor as the user that the servers run as.',
  );
