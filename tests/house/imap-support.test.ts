// The table of what the IMAP server supports cannot fall behind the server.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { checkImapSupport } from '../../scripts/lint/check-imap-support.ts';

/** Findings where the code names these capabilities and the table has these rows; `idle.test.ts` is there. */
function findings(code: string, rows: string): string[] {
  const root = mkdtempSync(join(tmpdir(), 'house-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const files = {
    'apps/imap/src/session/capabilities.ts': code,
    'apps/imap/tests/server/idle.test.ts': '',
    'docs/imap-support.md': `| capability | defined in | tests | x |\n| --- | --- | --- | --- |\n${rows}`,
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return checkImapSupport(root);
}

const IDLE = '| IDLE | RFC 2177 | `server/idle` | |\n';

test('a table that names what the code names is in order, also where a name has a value', () => {
  const rows = `${IDLE}| APPENDLIMIT | RFC 7889 | \`server/idle\` | |\n`;
  expect(findings("[{ name: 'IDLE' }, { name: 'APPENDLIMIT', value: size }]", rows)).toEqual([]);
});

test('a capability without a row, a row without a capability, and a row without tests are found', () => {
  const found = findings("[{ name: 'IDLE' }, { name: 'MOVE' }]", `${IDLE}| ID | RFC 2971 | | |\n`);
  expect(found).toHaveLength(3);
  expect(found.join(' ')).toMatch(/no row for MOVE.*ID is not in.*ID has no test/);
});

test('a test that is gone is found, and so is a list in a form that cannot be read', () => {
  expect(findings("[{ name: 'IDLE' }]", '| IDLE | RFC 2177 | `server/gone` | |\n')).toHaveLength(1);
  expect(findings('[]', '').join(' ')).toContain('no capability was found');
});
