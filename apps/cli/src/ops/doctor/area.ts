import type { Config, Setting } from '@scorpiox/shared/config';
import type { Finding } from '../findings/finding.ts';

/** Whom the doctor looks at, and how. */
export interface Patient {
  readonly config: Config;
  /** The configuration as it was written, and where. */
  readonly settings: readonly Setting[];
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Whether large databases are read to their end too. */
  readonly thorough: boolean;
  /** Folders that programs are found in. */
  readonly path: string;
}

/** A part of the installation that is looked at. Nothing is changed, and what runs is not disturbed. */
export interface Area {
  readonly name: string;
  /** Errors of the system may be thrown. */
  look(patient: Patient): Promise<readonly Finding[]>;
}
