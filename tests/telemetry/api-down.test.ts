// Telemetry never stands in mail's way: with nobody listening where it should go, mail works the same.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Platform, passwordOf, startPlatform } from '../support/platform.ts';
import { signedIn } from '../support/raw-imap.ts';

let platform: Platform;

beforeAll(async () => {
  // Port 9 on loopback refuses every connection.
  const nowhere = 'InstrumentationKey=00000000-0000-4000-8000-000000000000;IngestionEndpoint=http://127.0.0.1:9';
  platform = await startPlatform([], { SCORPIOX_TELEMETRY_CONNECTION_STRING: nowhere });
  await platform.addUser('alice');
});
afterAll(() => platform.stop());

test('mail works with the telemetry API gone, and what was dropped is counted at the end', async () => {
  const { ports, ca } = platform;
  const imap = await signedIn(ports.imaps, ca, 'alice', passwordOf('alice'));
  for (let count = 0; count < 200; count += 1) expect(await imap.command('NOOP')).toMatch(/ OK /);
  expect(await imap.command('LOGOUT')).toMatch(/ OK /);
  platform.process.kill('SIGINT');
  await expect.poll(() => platform.process.exitCode, { timeout: 30_000 }).toBe(0);
  await expect
    .poll(() => platform.output(), { timeout: 30_000 })
    .toMatch(/telemetry events were dropped .*dropped=\S*"closed":[1-9]/i);
});
