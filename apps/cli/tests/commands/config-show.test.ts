import { expect, it } from 'vitest';
import { scorpioxHere } from '../support/here.ts';

it('shows every key, where it comes from, and no secret', async () => {
  const env = {
    SCORPIOX_IMAP_PORT: '2143',
    SCORPIOX_INSIGHTS_DATABASE: 'mssql://sa:hunter2@db/insights',
  };
  const shown = await scorpioxHere(['config', 'show', '--origin', '--data-dir', '/srv/scorpiox'], { env });
  expect(shown).toMatchObject({ code: 0, stderr: '' });
  const lines = shown.stdout.split('\n');
  expect(lines).toContain('data_dir\t/srv/scorpiox\tflag --data-dir');
  expect(lines).toContain('imap.port\t2143\tenvironment SCORPIOX_IMAP_PORT');
  expect(lines).toContain('imap.tls_port\t1993\tdefault');
  expect(lines).toContain('insights.database\t[secret]\tenvironment SCORPIOX_INSIGHTS_DATABASE');
  expect(shown.stdout).not.toContain('hunter2');
});

it('says what is wrong instead of showing half', async () => {
  const shown = await scorpioxHere(['config', 'show'], { env: { SCORPIOX_IMAP_PORT: 'many' } });
  expect(shown).toMatchObject({ code: 64, stdout: '', stderr: expect.stringContaining('imap.port') });
});

it('gives programs as many as they ask for', async () => {
  const { stdout } = await scorpioxHere(['config', 'show', '--limit', '2', '--json']);
  expect(JSON.parse(stdout)).toEqual([
    { key: 'data_dir', value: './data' },
    { key: 'imap.host', value: '127.0.0.1' },
  ]);
  expect(await scorpioxHere(['config', 'show', '--limit', '0'])).toMatchObject({ code: 64 });
});
