/** Reports in files. */
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { type Failure, kindOfSystemError, systemErrorCode } from '../../failure.ts';
import { CODES } from './codes.ts';
import { REPORT_MAX } from './limits.ts';
import type { Report } from './report.ts';

const Text = Type.String();
const Facts = Type.Record(Text, Type.Union([Text, Type.Number(), Type.Boolean(), Type.Null()]));

const Saved = Type.Object({
  database: Text,
  kind: Type.Union([Type.Literal('sqlite'), Type.Literal('sqlserver')]),
  at: Text,
  sections: Type.Array(
    Type.Object({
      section: Text,
      reason: Type.Union([Text, Type.Null()]),
      summary: Text,
      facts: Facts,
      rows: Type.Array(Facts),
    }),
  ),
  findings: Type.Array(
    Type.Object({
      id: Text,
      level: Type.Union([Type.Literal('fault'), Type.Literal('warning'), Type.Literal('note')]),
      area: Type.Literal('database'),
      code: Type.Enum([...CODES]),
      subject: Text,
      message: Text,
      evidence: Text,
      mend: Text,
      section: Text,
    }),
  ),
  measures: Type.Array(
    Type.Object({
      measure: Text,
      value: Type.Number(),
      better: Type.Union([Type.Literal('less'), Type.Literal('neither')]),
    }),
  ),
});

/** Statements of applications stand in it: for its owner only. What was there is replaced at once. */
export async function saveReport(file: string, report: Report): Promise<Result<void, Failure>> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, `${JSON.stringify(report, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    await rename(temporary, file);
    return ok(undefined);
  } catch (error) {
    return notDone(`${file} cannot be written`, error);
  }
}

/** A report as it was saved. */
export async function readReport(file: string): Promise<Result<Report, Failure>> {
  try {
    if ((await stat(file)).size > REPORT_MAX) return notSaved(file);
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    return Value.Check(Saved, value) ? ok(value) : notSaved(file);
  } catch (error) {
    return error instanceof SyntaxError ? notSaved(file) : notDone(`${file} cannot be read`, error);
  }
}

const notSaved = (file: string): Result<never, Failure> =>
  err({ kind: 'usage', message: `${file} is no report that \`scorpiox db health --save\` has written.` });

function notDone(what: string, error: unknown): Result<never, Failure> {
  const code = systemErrorCode(error);
  if (code === undefined) throw error;
  return err({ kind: kindOfSystemError(code), message: `${what} (${code}).` });
}
