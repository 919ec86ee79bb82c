import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CONFIG_KEYS, type ConfigKey, flagOf, variableOf } from '../../src/config/keys.ts';

const DOCUMENT = new URL('../../../../docs/configuration.md', import.meta.url);

const shown = (text: string): string => (text.startsWith('(') ? text.slice(1, -1) : `\`${text}\``);

function row(key: ConfigKey): string {
  const flag = key.secret ? `none; \`…_file\`` : `\`${flagOf(key.name)}\``;
  return `| \`${key.name}\` | \`${variableOf(key.name)}\` | ${flag} | ${shown(key.default)} | ${key.description} |`;
}

test('the table in docs/configuration.md is the one that the loader follows', () => {
  const document = readFileSync(DOCUMENT, 'utf8');
  const rows = document.split('\n').filter((line) => line.startsWith('| `'));
  expect(rows).toEqual(CONFIG_KEYS.map(row));
});
