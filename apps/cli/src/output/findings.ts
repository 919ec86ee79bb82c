import type { Io } from '../io.ts';
import type { Finding } from '../ops/findings/finding.ts';
import type { ListOptions } from './options.ts';
import { printRecords } from './print.ts';
import { visible } from './visible.ts';

/** Prints findings: for people a sentence each with what mends it below, elsewhere as records. */
export async function printFindings(
  io: Pick<Io, 'out' | 'stdoutIsTerminal'>,
  findings: readonly Finding[],
  options: ListOptions,
): Promise<void> {
  const isForPeople = io.stdoutIsTerminal && options.json !== true && options.jq === undefined;
  if (isForPeople) io.out(visible(findings.slice(0, options.limit).map(paragraph).join('')));
  else await printRecords(io, findings, options);
}

const MARGIN = 'warning  '.length;

function paragraph({ level, message, mend }: Finding): string {
  const lines = `${level.padEnd(MARGIN)}${message}\n`;
  return mend === '' ? lines : `${lines}${' '.repeat(MARGIN)}→ ${mend}\n`;
}
