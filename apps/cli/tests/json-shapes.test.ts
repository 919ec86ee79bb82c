// `--json` is an interface: what commands print that need no server and not this machine is pinned here, field by field,
// and docs/cli.md says the same. The others have it in their own tests.
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scorpioxHere } from './support/here.ts';
import { temporaryFolder } from './support/scorpiox.ts';

/** Each with the row of the document that tells its shape. One builds upon those before it. */
const COMMANDS: readonly (readonly [row: string, args: readonly string[]])[] = [
  ['app add', ['app', 'add', 'shop']],
  ['app list', ['app', 'list']],
  ['app key add', ['app', 'key', 'add', 'shop']],
  ['app key list', ['app', 'key', 'list']],
  ['token add', ['token', 'add', 'grafana', '--role', 'viewer']],
  ['token list', ['token', 'list']],
  ['user list', ['user', 'list']],
  ['user app-password add', ['user', 'app-password', 'add', 'alice', 'phone']],
  ['user app-password list', ['user', 'app-password', 'list', 'alice']],
  ['user app-password list', ['user', 'app-password', 'rm', 'alice', 'phone']],
  ['a plan', ['mail', 'import', 'alice', 'box.mbox']],
  ['mail import --apply', ['mail', 'import', 'alice', 'box.mbox', '--apply', '--yes']],
  ['mail list', ['mail', 'list', 'alice']],
  ['mail status USER', ['mail', 'status', 'alice']],
  ['mail status USER MAILBOX', ['mail', 'status', 'alice', 'INBOX']],
  ['mail search', ['mail', 'search', 'alice', 'hello']],
  ['mail show', ['mail', 'show', 'alice', 'INBOX', '1']],
  ['mail verify', ['mail', 'verify', 'alice']],
  ['mail text-index build', ['mail', 'text-index', 'build', 'alice']],
  ['mail text-index status', ['mail', 'text-index', 'status', 'alice']],
  ['mail backup', ['mail', 'backup', 'alice', '--to', 'backup']],
  ['mail export', ['mail', 'export', 'alice', 'export', '--format', 'mbox']],
  ['db verify', ['db', 'verify', 'sqlite:data/insights.db', 'sqlite:data/insights.db', '--quiet']],
  ['db backup', ['db', 'backup', 'insights-copy.db']],
  ['db backfill status', ['db', 'backfill', 'status']],
  ['db dupes', ['db', 'dupes', 'apps', '--key', 'name']],
  ['refs scan', ['refs', 'scan', 'dead.txt', '--from', '/dead']],
  ['runs', ['runs']],
  ['cert show', ['cert', 'show']],
  ['config show', ['config', 'show']],
];

/** The fields of a value and what is in them; of an array, of all that are in it. */
function shapeOf(value: unknown): string {
  if (Array.isArray(value)) return `[${[...new Set(value.map(shapeOf))].sort().join(' | ')}]`;
  if (value === null || typeof value !== 'object') return value === null ? 'null' : typeof value;
  return `{${Object.entries(value)
    .map(([name, field]) => `${name}: ${shapeOf(field)}`)
    .join(', ')}}`;
}

const fieldsOf = (value: unknown): string[] => Object.keys((Array.isArray(value) ? value[0] : value) ?? {});

const [, documented = ''] = readFileSync(join(import.meta.dirname, '../../../docs/cli.md'), 'utf8').split(
  '| command | `--json` prints |',
);

/** The outermost fields that the document's row names. */
function documentedFields(row: string): string[] {
  const line =
    documented.split('\n').find((one) => one.startsWith(`| \`${row}\``) || one.startsWith(`| ${row} |`)) ?? '';
  const shape = /`\{([^`]*)\}`/.exec(line.split(' | ').at(-1) ?? '')?.[1] ?? '';
  return shape.replace(/: \[(?:\{[^}]*\}|\w+)\]/g, '').split(', ');
}

/** What each command prints, by its arguments, in an installation with a user who has mail. */
async function printAll(): Promise<ReadonlyMap<(typeof COMMANDS)[number], unknown>> {
  const folder = await temporaryFolder();
  const env = { XDG_STATE_HOME: join(folder, 'state') };
  const run = (args: readonly string[], input = '') =>
    scorpioxHere([...args, '--data-dir', join(folder, 'data')], { input, cwd: folder, env });
  const message = 'Subject: hello\nFrom: ada@example.org\nDate: Sat, 28 Nov 2026 10:00:00 +0000\n\nhello\n';
  await writeFile(join(folder, 'box.mbox'), `From ada@example.org Sat Nov 28 10:00:00 2026\n${message}\n`);
  await writeFile(join(folder, 'dead.txt'), '/dead/or/alive\n');
  await run(['user', 'add', 'alice', '--password-stdin', '--role', 'viewer'], 'secret');
  await run(['cert', 'init']);
  await run(['mail', 'deliver', 'alice'], message);
  const printed = new Map<(typeof COMMANDS)[number], unknown>();
  for (const command of COMMANDS) {
    const { code, stdout, stderr } = await run([...command[1], '--json']);
    expect(stdout, `${command[1].join(' ')} ended with ${code}: ${stderr}`).not.toBe('');
    printed.set(command, JSON.parse(stdout));
  }
  return printed;
}

it('what --json prints has the fields that it had before, and those that docs/cli.md names', async () => {
  const printed = [...(await printAll())];
  const lines = printed.map(([[, args], value]) => `${args.join(' ')}\n  ${shapeOf(value)}\n`);
  await expect(lines.join('')).toMatchFileSnapshot('json-shapes.txt');
  for (const [[row], value] of printed) {
    const fields = fieldsOf(value);
    if (fields.length === 0) continue; // nothing is there to have fields
    const named = documentedFields(row);
    expect.soft(row === 'mail import --apply' ? fields.slice(-named.length) : fields, row).toEqual(named);
  }
});
