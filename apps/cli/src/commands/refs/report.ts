/** How what `refs scan` has found is printed. */
import type { Io } from '../../io.ts';
import { pathText } from '../../ops/plan/actions/path.ts';
import type { Finding, Report } from '../../ops/refs/scan/findings.ts';
import { shownRoot } from '../../ops/refs/scan/home.ts';
import { below, isWithin, type OctetText, octetsOfText } from '../../ops/refs/scan/octets.ts';
import type { Fields } from '../../output/fields.ts';
import type { ListOptions } from '../../output/options.ts';
import { printForPrograms, printRecords } from '../../output/print.ts';
import { painter } from '../../output/style.ts';
import { table } from '../../output/table.ts';
import { visibleLine } from '../../output/visible.ts';

/** As `--json` prints it: an interface, see docs/cli.md. */
interface Told {
  readonly kind: 'hit' | 'near-miss' | 'unreadable';
  /** The repository, or the folder that was named. */
  readonly repository: string;
  readonly file: string;
  readonly standing: string;
  readonly content: string;
  readonly form: string;
  readonly count: number;
  readonly lines: readonly number[];
  readonly mend: readonly string[];
}

export async function printReport(io: Io, report: Report, options: ListOptions): Promise<void> {
  const told = [...report.findings.map(tell), ...report.unreadable.map(tellUnreadable)].slice(0, options.limit);
  if (await printForPrograms(io, told, options)) return;
  if (io.stdoutIsTerminal) io.out(forPeople(io, told));
  else await printRecords(io, told.map(flat), {});
}

const text = (path: OctetText): string => pathText(octetsOfText(path));

function tell(finding: Finding): Told {
  const { home, kind, path, standing, content, form, count, lines, mend } = finding;
  const root = shownRoot(home);
  const file = root !== '' && isWithin(path, root) && path !== root ? below(path, root) : path;
  return { kind, repository: text(root), file: text(file), standing, content, form, count, lines, mend };
}

const tellUnreadable = ({ path, code }: Report['unreadable'][number]): Told => ({
  kind: 'unreadable',
  repository: '',
  file: text(path),
  standing: '',
  content: '',
  form: code,
  count: 0,
  lines: [],
  mend: [],
});

const flat = ({ lines, mend, ...rest }: Told): Fields => ({ ...rest, lines: lines.join(' '), mend: mend.join('; ') });

/** Hits by repository, what git mends with the commands below it, near misses, and what could not be read. */
function forPeople(io: Io, told: readonly Told[]): string {
  const paint = painter(io);
  const heading = (line: string): string => `${paint('bold', visibleLine(line))}\n`;
  const hits = told.filter(({ kind }) => kind === 'hit');
  const parts = [...Map.groupBy(hits, ({ repository }) => repository)].map(
    ([repository, own]) =>
      `${heading(repository === '' ? 'Your own configuration of git' : repository)}${hitTable(own)}`,
  );
  const near = told.filter(({ kind }) => kind === 'near-miss');
  if (near.length > 0) parts.push(`${heading('Only looks like it: left alone')}${indented(table(near.map(nearRow)))}`);
  const unread = told.filter(({ kind }) => kind === 'unreadable');
  if (unread.length > 0) {
    parts.push(
      `${heading('Could not be read')}${indented(table(unread.map(({ form, file }) => ({ why: form, file }))))}`,
    );
  }
  return parts.join('\n');
}

/** A line for each, and below it the commands that mend it. */
function hitTable(told: readonly Told[]): string {
  const [head = '', ...rows] = table(told.map(hitRow)).trimEnd().split('\n');
  const lines = rows.flatMap((row, at) => [
    row,
    ...(told[at]?.mend ?? []).map((command) => `  → ${visibleLine(command)}`),
  ]);
  return indented(`${[head, ...lines].join('\n')}\n`);
}

const hitRow = ({ file, standing, content, form, count, lines }: Told): Fields => ({
  standing,
  spelling: content === 'octets' ? form : `${form}, ${content}`,
  count,
  file,
  lines: shownLines(lines, count),
});

const nearRow = ({ repository, file, form, count, lines }: Told): Fields => ({
  why: form,
  count,
  file: repository === '' ? file : `${repository}/${file}`,
  lines: shownLines(lines, count),
});

const shownLines = (lines: readonly number[], count: number): string => {
  const first = lines.slice(0, LINES_SHOWN);
  return `${first.join(' ')}${lines.length > first.length || count > LINES_SHOWN ? ' …' : ''}`;
};

/** In a table. */
const LINES_SHOWN = 6;

const indented = (lines: string): string => lines.replace(/^(?=.)/gm, '  ');
