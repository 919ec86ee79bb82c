/** The manual page, from the definitions of the commands: groff_man(7). */
import type { Command, Option } from 'commander';
import { examplesOf, leavesOf, pathOf } from '../../command.ts';
import { MEANINGS } from '../../exit-codes.ts';

const paragraphs = (description: string): readonly string[] => description.split('\n').map(line);

/** Text in which nothing is a request or an escape; a hyphen stays one that can be typed. */
const text = (plain: string): string => plain.replaceAll('\\', '\\e').replaceAll('-', '\\-');

/** The same at the beginning of a line, where a dot or an apostrophe would begin a request. */
const line = (plain: string): string => text(plain).replace(/^(?=[.'])/, '\\&');

/** One argument of a macro. */
const quoted = (plain: string): string => `"${text(plain).replaceAll('"', '""')}"`;

export function manualPage(program: Command): string {
  const commands = leavesOf(program);
  return [
    `.TH SCORPIOX 1 "" "Scorpiox ${text(program.version() ?? '')}" "User Commands"`,
    '.SH NAME',
    `scorpiox \\- ${text(program.description())}`,
    '.SH SYNOPSIS',
    '.B scorpiox',
    '.I command',
    '.RI [ options ]',
    '.SH COMMANDS',
    ...commands.flatMap(section),
    ...EXIT_STATUS,
    ...SURROUNDINGS,
    '',
  ].join('\n');
}

function section(command: Command): readonly string[] {
  const words = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [
    `.SS ${quoted([pathOf(command), ...words].join(' '))}`,
    ...paragraphs(command.description()),
    ...command.options.filter(({ hidden }) => !hidden).flatMap(option),
    '.PP',
    '.EX',
    ...examplesOf(command).map((example) => line(`$ ${example}`)),
    '.EE',
  ];
}

function option({ flags, description, argChoices }: Option): readonly string[] {
  const choices = argChoices === undefined ? '' : ` (${argChoices.join(', ')})`;
  return ['.TP', `.B ${quoted(flags)}`, ...paragraphs(`${description}${choices}`)];
}

const EXIT_STATUS = [
  '.SH EXIT STATUS',
  ...Object.entries(MEANINGS).flatMap(([code, meaning]) => ['.TP', `.B ${code}`, line(meaning)]),
];

const SURROUNDINGS = [
  '.SH ENVIRONMENT',
  ...[
    ['SCORPIOX_CONFIG', 'the configuration file; scorpiox.toml in the working folder where it is not set'],
    ['SCORPIOX_SECTION_KEY', 'a key of the configuration: SCORPIOX_IMAP_PORT is imap.port'],
    ['SCORPIOX_URL, SCORPIOX_TOKEN', 'the API of another machine that is meant, and the token for it'],
    ['NO_COLOR', 'nothing is coloured'],
  ].flatMap(([name = '', meaning = '']) => ['.TP', `.B ${text(name)}`, line(meaning)]),
  '.SH FILES',
  ...[
    ['scorpiox.toml', 'the configuration'],
    ['$XDG_CONFIG_HOME/scorpiox/login.json', 'address and token of scorpiox login'],
    ['$XDG_STATE_HOME/scorpiox/runs', 'journals of what was done with --apply'],
  ].flatMap(([name = '', meaning = '']) => ['.TP', `.I ${text(name)}`, line(meaning)]),
];
