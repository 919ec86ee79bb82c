/** Looks an installation over, area by area, beside it or without it. Changes nothing. */
import { describeConfigErrors, explainConfig, type LoadOptions, loadConfig } from '@scorpiox/shared/config';
import { type Finding, findingsOf } from '../findings/finding.ts';
import type { Area, Patient } from './area.ts';
import { accounts } from './areas/accounts.ts';
import { certificates } from './areas/certificates.ts';
import { clock } from './areas/clock.ts';
import { configuration } from './areas/configuration.ts';
import { containers } from './areas/containers.ts';
import { database } from './areas/database.ts';
import { disk } from './areas/disk.ts';
import { limits } from './areas/limits.ts';
import { mail } from './areas/mail.ts';
import { parts } from './areas/parts.ts';
import { spool } from './areas/spool.ts';

const AREAS: readonly Area[] = [
  configuration,
  parts,
  certificates,
  accounts,
  mail,
  database,
  spool,
  disk,
  limits,
  clock,
  containers,
];

export interface Diagnosis {
  readonly findings: readonly Finding[];
  /** What was looked at. */
  readonly areas: readonly string[];
}

export interface DoctorOptions {
  readonly load: LoadOptions;
  readonly thorough: boolean;
  readonly path: string;
}

/** With a configuration that cannot be read nothing else can be found: then that is the finding. */
export async function examine({ load, thorough, path }: DoctorOptions): Promise<Diagnosis> {
  const config = loadConfig(load);
  const settings = explainConfig(load);
  if (!config.ok || !settings.ok) {
    const errors = config.ok ? [] : config.error;
    const findings = errors.map((error) =>
      findingsOf('configuration')(
        'fault',
        'bad-key',
        error.key,
        describeConfigErrors([error]),
        `Mend it in ${error.origin}.`,
      ),
    );
    return { findings, areas: ['configuration'] };
  }
  const patient = { config: config.value, settings: settings.value, now: Date.now(), thorough, path };
  const findings: Finding[] = [];
  for (const area of AREAS) findings.push(...(await lookAt(area, patient)));
  return { findings, areas: AREAS.map(({ name }) => name) };
}

/** What cannot be looked at is a finding as well, and no reason to leave out the rest. */
async function lookAt({ name, look }: Area, patient: Patient): Promise<readonly Finding[]> {
  try {
    return await look(patient);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const mend = 'Run this as the user that the servers run as.';
    return [findingsOf(name)('warning', 'not-looked-at', name, `This could not be looked at: ${why}.`, mend)];
  }
}
