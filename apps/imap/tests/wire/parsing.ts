// One command line, through the framer and the parser.

import { expect, it } from 'vitest';
import type { CommandBody, ParseFailure } from '../../src/wire/command.ts';
import { Framer } from '../../src/wire/framer.ts';
import { AFTER_SIGN_IN } from '../../src/wire/limits.ts';
import type { ParseOptions } from '../../src/wire/options.ts';
import { parseCommand } from '../../src/wire/parse.ts';
import { bytes } from './transcript.ts';

export const UTF8: ParseOptions = { utf8: true };

/** The command that `line` is; `{n+}` literals in it are gathered by the framer as a client would send them. */
export function parse(line: string, options: ParseOptions = { utf8: false }): ReturnType<typeof parseCommand> {
  const framer = new Framer({ ...AFTER_SIGN_IN, line: 1_000_000 });
  framer.setOptions(options);
  framer.push(bytes(`${line}\r\n`));
  const frame = framer.next();
  if (frame?.kind !== 'command') throw new Error(`not one command: ${frame?.kind}`);
  return parseCommand(frame.raw, options);
}

/** What a command asks, or why it is none. */
export function body(line: string, options?: ParseOptions): CommandBody | ParseFailure {
  const parsed = parse(`A1 ${line}`, options);
  return parsed.ok ? parsed.value.body : parsed.error;
}

/** The kind of a command's failure. */
export function failure(line: string, options?: ParseOptions): string {
  const parsed = parse(line, options);
  return parsed.ok ? 'none' : parsed.error.kind;
}

/** A set of one range. */
export const one = (from: number | '*', to = from) => [{ from, to }];

type Case = readonly [line: string, expected: object | string];

/** Each line is what it should be, or fails with the kind given. */
export function reads(cases: readonly Case[], prefix = ''): void {
  it.each(cases)('%s', (line, expected) => {
    const command = `${prefix}${line}`;
    expect(typeof expected === 'string' ? failure(`A1 ${command}`) : body(command)).toEqual(expected);
  });
}
