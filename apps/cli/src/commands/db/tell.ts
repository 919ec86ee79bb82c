/** How statements are shown, before they run: one way for all commands. */
import type { Statement, Value } from '@scorpiox/shared/database/console';
import { PARAMETER_SHOWN } from '../../ops/db/limits.ts';
import { visible } from '../../output/visible.ts';

/** Shows each statement of a database. A text that was shown before is named by its number: batches differ by their parameters. */
export function statementTeller(
  print: (line: string) => void,
  numbers: Map<string, number> = new Map(),
): (name: string) => (statement: Statement) => void {
  return (name) =>
    ({ text, parameters = {} }) => {
      const values = Object.entries(parameters).map(([parameter, value]) => `@${parameter} = ${shown(value)}`);
      const known = numbers.get(`${name} ${text}`);
      const number = known ?? numbers.size + 1;
      numbers.set(`${name} ${text}`, number);
      const head = `-- [${number}${known === undefined ? '' : ' again'}] ${name}`;
      const given = values.length === 0 ? '' : `${known === undefined ? '\n-- ' : ': '}${values.join(', ')}`;
      const body = known === undefined ? `\n${text.trim()}` : '';
      print(visible(known === undefined ? `${head}${given}${body}` : `${head}${given}`));
    };
}

/** What is long is a document, and is counted only. */
function shown(value: Value): string {
  if (value === null) return 'NULL';
  if (value instanceof Uint8Array) return bytes(value);
  if (typeof value !== 'string') return String(value);
  return value.length > PARAMETER_SHOWN ? `(${value.length} characters)` : `'${value.replaceAll("'", "''")}'`;
}

function bytes(value: Uint8Array): string {
  const hex = `0x${Buffer.from(value).toString('hex')}`;
  return hex.length > PARAMETER_SHOWN ? `(${value.length} bytes)` : hex;
}
