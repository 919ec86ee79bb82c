import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse, TomlError } from 'smol-toml';
import { err, ok, type Result } from '../result.ts';
import type { ConfigError } from './config.ts';
import { CONFIG_KEYS, type ConfigKey, flagOf, isForeignVariable, variableOf } from './keys.ts';
import { MAX_CONFIG_FILE_BYTES } from './limits.ts';
import { nearest } from './suggest.ts';

// Reads flags, environment and file into one shape: for each the values found, by key, and what is wrong with it.

/** A value as it was found, before anybody looked at it. */
export interface Found {
  readonly value: unknown;
  /** For error messages: where the value stands. */
  readonly origin: string;
  /** Where a relative path starts. */
  readonly base: string;
}

/** One place that values come from: key name (or `<key>_file` for a secret) to what was found. */
export interface Source {
  readonly found: ReadonlyMap<string, Found>;
  readonly errors: readonly ConfigError[];
}

const KEYS: readonly ConfigKey[] = CONFIG_KEYS;
/** Every name that file and environment may use. */
const NAMES: readonly string[] = KEYS.flatMap((key) => (key.secret ? [key.name, `${key.name}_file`] : [key.name]));
const FLAGS: readonly string[] = KEYS.filter((key) => !key.secret).map((key) => key.name);
const SECTIONS: ReadonlySet<string> = new Set(
  NAMES.filter((name) => name.includes('.')).map((name) => sectionOf(name)),
);

function sectionOf(name: string): string {
  return name.slice(0, name.indexOf('.'));
}

const asWritten = (name: string): string => {
  const dot = name.indexOf('.');
  return dot < 0 ? name : `${name.slice(dot + 1)} in [${name.slice(0, dot)}]`;
};

const suggestion = (meant: string | undefined): string => (meant === undefined ? '' : ` Did you mean ${meant}?`);

/** The command line's values. */
export function readFlags(flags: Readonly<Record<string, string | undefined>>, cwd: string): Source {
  const found = new Map<string, Found>();
  const errors: ConfigError[] = [];
  for (const [name, value] of Object.entries(flags)) {
    if (value === undefined || name === 'config') continue;
    const origin = `flag ${flagOf(name)}`;
    if (FLAGS.includes(name)) found.set(name, { value, origin, base: cwd });
    else if (NAMES.includes(name)) {
      const message = `A secret is no flag: set it in the file or as ${variableOf(name)}.`;
      errors.push({ key: name, origin, message });
    } else {
      const meant = nearest(name, FLAGS);
      errors.push({ key: name, origin, message: `There is no such key.${suggestion(meant && flagOf(meant))}` });
    }
  }
  return { found, errors };
}

/** The environment's values: each `SCORPIOX_…` variable that is not somebody else's. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>, cwd: string): Source {
  const names = new Map(NAMES.map((name) => [variableOf(name), name]));
  const found = new Map<string, Found>();
  const errors: ConfigError[] = [];
  for (const [variable, value] of Object.entries(env)) {
    if (value === undefined || !variable.startsWith('SCORPIOX_') || isForeignVariable(variable)) continue;
    const origin = `environment ${variable}`;
    const name = names.get(variable);
    if (name !== undefined) found.set(name, { value, origin, base: cwd });
    else {
      const message = `There is no such key.${suggestion(nearest(variable, [...names.keys()]))}`;
      errors.push({ key: variable, origin, message });
    }
  }
  return { found, errors };
}

/** The file's values. A missing file is no error unless somebody named it (`namedBy`). */
export function readConfigFile(path: string, namedBy: string | undefined): Source {
  const text = readText(path);
  if (!text.ok) {
    if (text.error.missing && namedBy === undefined) return { found: new Map(), errors: [] };
    const message = `Cannot read ${path}: ${text.error.message}.`;
    return { found: new Map(), errors: [{ key: 'config', origin: namedBy ?? path, message }] };
  }
  const table = parseToml(text.value);
  if (!table.ok) return { found: new Map(), errors: [{ key: 'config', origin: path, message: table.error }] };
  return collect(table.value, path);
}

function readText(path: string): Result<string, { missing: boolean; message: string }> {
  try {
    const { size } = statSync(path);
    if (size > MAX_CONFIG_FILE_BYTES) {
      return err({ missing: false, message: `it is larger than ${MAX_CONFIG_FILE_BYTES} bytes` });
    }
    return ok(readFileSync(path, 'utf8'));
  } catch (error) {
    const code = errorCode(error);
    return err({ missing: code === 'ENOENT', message: code === 'ENOENT' ? 'there is no such file' : code });
  }
}

/** The system's code of a failed file operation: ENOENT, EACCES, EISDIR, … */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : String(error);
}

/** Only place and kind of the fault: the rest of the parser's message repeats the line, which may hold a secret. */
function parseToml(text: string): Result<Record<string, unknown>, string> {
  try {
    return ok(parse(text));
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = error.message.split('\n', 1)[0]?.replace(/^Invalid TOML document: /, '') ?? '';
    return err(`Line ${error.line}, column ${error.column} is not TOML: ${reason}.`);
  }
}

function collect(table: Record<string, unknown>, path: string): Source {
  const found = new Map<string, Found>();
  const errors: ConfigError[] = [];
  const place = { origin: path, base: dirname(path) };
  for (const [name, value] of flatten(table)) {
    if (NAMES.includes(name)) found.set(name, { value, ...place });
    else if (SECTIONS.has(name)) {
      errors.push({ key: name, origin: path, message: `Expected a section: write [${name}] on a line of its own.` });
    } else {
      const meant = nearest(name, NAMES) ?? nearest(name.slice(name.lastIndexOf('.') + 1), lastParts());
      const message = `There is no such key.${suggestion(meant && asWritten(fullName(meant)))}`;
      errors.push({ key: name, origin: path, message });
    }
  }
  return { found, errors };
}

/** The leaves of known sections as `section.key`; whatever else is a table counts as one unknown key. */
function flatten(table: Record<string, unknown>): [string, unknown][] {
  return Object.entries(table).flatMap(([name, value]): [string, unknown][] =>
    isTable(value) && SECTIONS.has(name)
      ? Object.entries(value).map(([key, inner]): [string, unknown] => [`${name}.${key}`, inner])
      : [[name, value]],
  );
}

const isTable = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** Key names without their section, for a key that was written in the wrong one. */
const lastParts = (): string[] => NAMES.map((name) => name.slice(name.indexOf('.') + 1));
const fullName = (name: string): string => NAMES.find((full) => full === name || full.endsWith(`.${name}`)) ?? name;

/** Which file to read, and what named it (undefined for the default one). */
export function locateConfigFile(
  flags: Readonly<Record<string, string | undefined>>,
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): { path: string; namedBy: string | undefined } {
  if (flags.config !== undefined) return { path: resolve(cwd, flags.config), namedBy: 'flag --config' };
  if (env.SCORPIOX_CONFIG !== undefined) {
    return { path: resolve(cwd, env.SCORPIOX_CONFIG), namedBy: 'environment SCORPIOX_CONFIG' };
  }
  return { path: resolve(cwd, 'scorpiox.toml'), namedBy: undefined };
}
