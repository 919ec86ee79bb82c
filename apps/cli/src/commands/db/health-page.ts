/** A report as people read it: a line for each section, then what was found. Pure. */
import type { Comparison } from '../../ops/db/health/compare.ts';
import { ROWS_SHOWN } from '../../ops/db/health/limits.ts';
import { commandsIn } from '../../ops/db/health/mends.ts';
import type { DatabaseFinding, Facts, Report, Section } from '../../ops/db/health/report.ts';
import type { Paint } from '../../output/style.ts';
import { table } from '../../output/table.ts';
import { visibleLine } from '../../output/visible.ts';

/** Sections whose rows are shown to people; those of the others are for programs. */
const WITH_ROWS = new Set(['sessions', 'blocking', 'waits', 'statements', 'inserts', 'duplicates', 'computed columns']);

export function healthPage(report: Report, compared: Comparison | undefined, paint: Paint): readonly string[] {
  const width = Math.max(...report.sections.map(({ section }) => section.length));
  return [
    paint('bold', report.database),
    '',
    ...report.sections.flatMap((section) => sectionLines(section, width, paint)),
    '',
    ...report.findings.flatMap((finding) => findingLines(finding, paint)),
    ...(compared === undefined ? [] : comparisonLines(compared, paint)),
  ];
}

function sectionLines({ section, reason, summary, rows }: Section, width: number, paint: Paint): readonly string[] {
  const name = section.padEnd(width);
  if (reason !== null) return [paint('dim', `${name}  ${visibleLine(reason)}`)];
  const shown = WITH_ROWS.has(section) ? rows.slice(0, ROWS_SHOWN) : [];
  const indent = ' '.repeat(width + 2);
  return [
    `${name}  ${visibleLine(summary)}`,
    ...table(shown.map(short))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => paint('dim', `${indent}${line}`)),
  ];
}

/** Characters of a value in a table: a statement is longer. */
const VALUE_SHOWN = 70;

const short = (row: Facts): Facts =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'string' && value.length > VALUE_SHOWN ? `${value.slice(0, VALUE_SHOWN - 1)}…` : value,
    ]),
  );

const MARGIN = 'warning  ';
const COLOURS = { fault: 'red', warning: 'yellow', note: 'dim' } as const;

export function findingLines({ level, id, message, evidence, mend }: DatabaseFinding, paint: Paint): readonly string[] {
  const indent = ' '.repeat(MARGIN.length);
  return [
    `${paint(COLOURS[level], level.padEnd(MARGIN.length))}${visibleLine(message)}`,
    `${indent}${paint('dim', visibleLine(`${evidence}  [${id}]`))}`,
    ...(mend === '' ? [] : commandsIn(mend).map((one) => `${indent}→ ${visibleLine(one)}`)),
  ];
}

function comparisonLines({ with: earlier, findings, measures }: Comparison, paint: Paint): readonly string[] {
  const changed = measures.filter(({ change }) => change !== 'same');
  const lines = [
    ...findings.map(({ id, change }) =>
      paint(change === 'gone' ? 'green' : 'red', `  ${change.padEnd(6)}  ${visibleLine(id)}`),
    ),
    ...changed.map(({ measure, before, after, change }) =>
      paint(
        change === 'better' ? 'green' : change === 'worse' ? 'red' : 'dim',
        `  ${change.padEnd(6)}  ${visibleLine(measure)}: ${told(before)} → ${told(after)}`,
      ),
    ),
  ];
  return ['', `Since ${earlier}:`, ...(lines.length === 0 ? ['  nothing has changed'] : lines)];
}

const told = (value: number): string => value.toLocaleString('en');
