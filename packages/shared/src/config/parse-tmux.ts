import { resolve } from 'node:path';
import { err, ok, type Result } from '../result.ts';
import type { ContainerEngine } from './config.ts';

// The values of [tmux]; as in parse.ts, the error is the end of "expected …".

type Parsed<T> = Result<T, string>;

/** Folders, separated by commas; `~` and what is below it stays as it is, a relative one starts at `base`. */
export function parseFolders(value: unknown, base: string): Parsed<readonly string[]> {
  const expected = err('folders separated by commas, as /codebases, ~/codebases');
  if (typeof value !== 'string' || value.includes('\0')) return expected;
  const folders = value.split(',').map((part) => part.trim());
  if (folders.some((folder) => folder === '' || /^~[^/]/.test(folder))) return expected;
  return ok(folders.map((folder) => (folder.startsWith('~') ? folder : resolve(base, folder))));
}

/** A reference as engines take it: name, tag and digest. It begins with a letter or digit, so it is never an option. */
const IMAGE = /^[a-z0-9][\w.:/@-]{0,254}$/;

export function parseImage(value: unknown): Parsed<string> {
  return typeof value === 'string' && IMAGE.test(value) ? ok(value) : err('an image, as localhost/dev:1');
}

export function parseEngine(value: unknown): Parsed<ContainerEngine> {
  return value === 'podman' || value === 'docker' ? ok(value) : err('podman or docker');
}

const MODEL = /^[A-Za-z0-9._:/-]{1,100}$/;

/** A model's name or id. */
export function parseModel(value: unknown): Parsed<string> {
  const expected = 'opus, sonnet, haiku or another id of up to 100 letters, digits and . _ : / -';
  return typeof value === 'string' && MODEL.test(value) ? ok(value) : err(expected);
}

/** A run of what is no blank and no quote, or of what stands between quotes; blanks; or a quote that is never closed. */
const PIECE = /([^\s'"]+)|'([^']*)'|"([^"]*)"|(\s+)|['"]/gy;

/** Words separated by blanks; quotes group, and nothing else has a meaning. */
export function parseWords(value: unknown): Parsed<readonly string[]> {
  const expected = err('a program and its arguments separated by blanks, with every quote closed');
  if (typeof value !== 'string' || value.includes('\0')) return expected;
  const words: string[] = [];
  let isOpen = false;
  for (const [, bare, single, double, blank] of value.trim().matchAll(PIECE)) {
    const piece = bare ?? single ?? double;
    if (piece === undefined && blank === undefined) return expected;
    if (piece !== undefined) words.push(isOpen ? `${words.pop()}${piece}` : piece);
    isOpen = piece !== undefined;
  }
  const [program = ''] = words;
  // `env`, which starts it where there is no container, would take NAME=VALUE for a variable.
  return program === '' || program.startsWith('-') || program.includes('=') ? expected : ok(words);
}
