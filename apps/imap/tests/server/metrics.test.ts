/** What Prometheus is told after things happened over real sockets. */
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exposition } from '../../src/admin/exposition.ts';
import { createLmtpObserver } from '../../src/server/lmtp-observer.ts';
import { Metrics } from '../../src/server/metrics.ts';
import { LoopDelay, processFamilies } from '../../src/server/process-metrics.ts';
import { StoreMetrics } from '../../src/server/store-metrics.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const SAMPLE =
  /^[a-zA-Z_:][\w:]*(\{[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*"(,[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*")*\})? (\S+)$/;

/** The samples of an exposition by name and labels; throws where a line is none. */
function parse(text: string): Map<string, number> {
  const samples = new Map<string, number>();
  const types = new Map<string, string>();
  for (const line of text.trimEnd().split('\n')) {
    const [, kind, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (kind === 'TYPE') {
      if (types.has(name)) throw new Error(`twice: ${name}`);
      types.set(name, rest);
    }
    if (kind !== undefined) continue;
    const sample = SAMPLE.exec(line);
    if (sample === null || Number.isNaN(Number(sample[3]?.replace('Inf', 'Infinity'))))
      throw new Error(`no sample: ${line}`);
    const key = line.slice(0, line.lastIndexOf(' '));
    if (samples.has(key)) throw new Error(`twice: ${key}`);
    samples.set(key, Number(sample[3]));
  }
  for (const [name, type] of types) expect(name.endsWith('_total'), name).toBe(type === 'counter');
  return samples;
}

const scrape = async () => parse(exposition(await server.operator.metrics()));

test('counts what happened', async () => {
  const client = await server.connect();
  await client.command('LOGIN carl wrong');
  await client.command('NONSENSE');
  await client.ok('LOGIN carl "correct horse"');
  const [id = ''] = await client.ok('CAPABILITY');
  expect(id).toMatch(/^\* CAPABILITY/);
  expect(await client.append('INBOX', 'Subject: one\r\n\r\nx')).toMatch(/^OK/);
  await client.command('SELECT Nowhere');
  await client.ok('SELECT INBOX');
  client.send('i IDLE\r\n');
  await client.until('+ ');
  const told = await scrape();
  expect(Object.fromEntries(told)).toMatchObject({
    'scorpiox_imap_connections_opened_total{protocol="imap"}': 1,
    'scorpiox_imap_connections_refused_total{protocol="imap"}': 0,
    'scorpiox_imap_connections{protocol="imap",tls="TLSv1.3",state="selected"}': 1,
    scorpiox_imap_idle_sessions: 1,
    'scorpiox_imap_sign_ins_total{result="good"}': 1,
    'scorpiox_imap_sign_ins_total{result="refused"}': 1,
    scorpiox_imap_bad_commands_total: 1,
    scorpiox_imap_messages_appended_total: 1,
    'scorpiox_imap_commands_total{command="LOGIN",result="NO"}': 1,
    'scorpiox_imap_commands_total{command="SELECT",result="OK"}': 1,
    'scorpiox_imap_commands_total{command="SELECT",result="NO"}': 1,
    'scorpiox_imap_command_duration_seconds_count{command="SELECT"}': 2,
    scorpiox_imap_troubles_total: 0,
  });
  expect(told.get('scorpiox_imap_received_bytes_total{protocol="imap"}')).toBeGreaterThan(100);
  expect(told.get('scorpiox_imap_sent_bytes_total{protocol="imap"}')).toBeGreaterThan(500);
  client.send('DONE\r\n');
  await client.until('i OK');
  await client.command('LOGOUT');
  const after = await scrape();
  expect(after.get('scorpiox_imap_commands_total{command="IDLE",result="OK"}')).toBe(1);
  expect(after.has('scorpiox_imap_command_duration_seconds_count{command="IDLE"}')).toBe(false);
});

test('nothing in it names a user or a mailbox', async () => {
  const client = await server.signIn('somebody');
  await client.ok('CREATE Secretary');
  await client.ok('SELECT Secretary');
  expect(exposition(await server.operator.metrics())).not.toMatch(/somebody|Secretary|127\.0\.0\.1/);
  client.close();
});

test('counts of closed stores stay', () => {
  const stores = new StoreMetrics();
  const stats = { ...emptyStats, scans: 2 };
  const store = { stats: () => stats };
  stores.opened(store);
  stats.scans = 3;
  const scans = () => parse(exposition(stores.families()));
  expect(scans().get('scorpiox_maildir_scans_total')).toBe(3);
  expect(scans().get('scorpiox_maildir_open_stores')).toBe(1);
  stores.closed(store);
  stores.opened({ stats: () => ({ ...emptyStats, scans: 4, lateSyncFailures: 1 }) });
  expect(scans().get('scorpiox_maildir_scans_total')).toBe(7);
  expect(scans().get('scorpiox_maildir_late_sync_failures_total')).toBe(1);
});

const emptyStats = {
  scans: 0,
  eventBatches: 0,
  mismatches: 0,
  suspicions: 0,
  polledFolders: 0,
  duplicateFiles: 0,
  leftoverNames: 0,
  unreadableNames: 0,
  unreadableFolders: 0,
  linkedFiles: 0,
  looksWithoutRoom: 0,
  renderedDropped: 0,
  lateSyncFailures: 0,
};

test('the event loop shows how late it was', async () => {
  const delay = new LoopDelay();
  const worst = () => delay.family().series.find(({ labels }) => labels.quantile === '1')?.value ?? 0;
  await new Promise((resolve) => setTimeout(resolve, 100));
  const end = performance.now() + 300;
  while (performance.now() < end);
  while (worst() < 0.2) await new Promise((resolve) => setTimeout(resolve, 10));
  parse(exposition([delay.family(), ...processFamilies()]));
});

test('deliveries are counted by what came of them', () => {
  const metrics = new Metrics();
  const observer = createLmtpObserver(pino({ level: 'silent' }), metrics);
  observer.stored({ id: '1', user: 'ann', octets: 5 });
  observer.failed({ id: '1', user: 'bob', code: 'quota-exceeded' });
  observer.unknown();
  const told = parse(exposition(metrics.families()));
  expect(told.get('scorpiox_imap_lmtp_recipients_total{result="stored"}')).toBe(1);
  expect(told.get('scorpiox_imap_lmtp_recipients_total{result="quota-exceeded"}')).toBe(1);
  expect(told.get('scorpiox_imap_lmtp_recipients_total{result="unknown-user"}')).toBe(1);
});
