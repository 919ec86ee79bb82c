/** What `db health` tells: sections, numbers that can be compared, and findings. */
import type { Finding } from '../../findings/finding.ts';
import type { Code } from './codes.ts';

/** One named thing, its values as JSON has them. */
export type Facts = Readonly<Record<string, string | number | boolean | null>>;

/** What is wrong, with a name of its own and what it was found by; as `Finding` but for these two. */
export type Found = {
  /** `blocking:57`: what `db explain` takes. */
  readonly id: string;
  readonly level: Finding['level'];
  readonly area: 'database';
  readonly code: Code;
  readonly subject: string;
  readonly message: string;
  /** The numbers behind the message. */
  readonly evidence: string;
  readonly mend: string;
};

/** The same once it is known where it was found. */
export type DatabaseFinding = Found & { readonly section: string };

/** A number that a later look is compared with. */
export interface Measure {
  readonly measure: string;
  readonly value: number;
  /** Which way is better; of growth neither is. */
  readonly better: 'less' | 'neither';
}

/** What a look at one thing tells. */
export interface Told {
  /** One line for people. */
  readonly summary: string;
  readonly facts?: Facts;
  readonly rows?: readonly Facts[];
  readonly findings?: readonly Found[];
  readonly measures?: readonly Measure[];
}

export interface Section {
  readonly section: string;
  /** Why it could not be looked at; null where it was. */
  readonly reason: string | null;
  readonly summary: string;
  readonly facts: Facts;
  readonly rows: readonly Facts[];
}

export interface Report {
  readonly database: string;
  readonly kind: 'sqlite' | 'sqlserver';
  /** ISO 8601. */
  readonly at: string;
  readonly sections: readonly Section[];
  /** The worst first. */
  readonly findings: readonly DatabaseFinding[];
  readonly measures: readonly Measure[];
}

/** Makes a finding. `subject` is which one, empty where there is one only. */
export const found = (
  level: Finding['level'],
  code: Code,
  subject: string,
  message: string,
  { evidence, mend = '' }: { readonly evidence: string; readonly mend?: string },
): Found => ({
  id: subject === '' ? code : `${code}:${subject}`,
  level,
  area: 'database',
  code,
  subject,
  message,
  evidence,
  mend,
});

export const less = (measure: string, value: number): Measure => ({ measure, value, better: 'less' });
