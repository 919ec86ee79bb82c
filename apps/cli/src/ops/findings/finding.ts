/** What somebody who looks after an installation is told of it: what is wrong, and what mends it. */
export interface Finding extends Readonly<Record<string, string>> {
  /**
   * `fault`: it does not work, or is not safe; `warning`: it will not for long, or not for everybody; `note`: good to know.
   * Only the first two are something to do.
   */
  readonly level: 'fault' | 'warning' | 'note';
  /** What was looked at: `certificate`, `disk`. */
  readonly area: string;
  /** What is wrong, for programs: `ends-soon`. */
  readonly code: string;
  /** Which one: a file, an address, an account. */
  readonly subject: string;
  /** A whole sentence. */
  readonly message: string;
  /** The command that mends it, or what to do where no command does; empty where there is nothing to do. */
  readonly mend: string;
}

/** Makes the findings of one area. */
export const findingsOf =
  <Code extends string>(area: string) =>
  (level: Finding['level'], code: Code, subject: string, message: string, mend = ''): Finding => ({
    level,
    area,
    code,
    subject,
    message,
    mend,
  });

/** Whether there is something to do. */
export const asksForSomething = ({ level }: Finding): boolean => level !== 'note';

const ORDER = { fault: 0, warning: 1, note: 2 } as const;

/** The worst first, otherwise in the order in which they were found. */
export const worstFirst = <F extends Finding>(findings: readonly F[]): readonly F[] =>
  findings.toSorted((a, b) => ORDER[a.level] - ORDER[b.level]);
