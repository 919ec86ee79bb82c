import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { connectionString, IngestServer } from './server.ts';

const MODULE = new URL('../../src/client/index.ts', import.meta.url).href;
const run = promisify(execFile);

/** Runs a program of its own that has tracked one event to this server. */
const program = (server: string, rest: string) =>
  run(process.execPath, [
    '--input-type=module',
    '-e',
    `const { createTelemetryClient } = await import(process.argv[1]);
     const client = createTelemetryClient({ connectionString: process.argv[2] });
     client.track({ kind: 'event', name: 'n' });
     ${rest}`,
    MODULE,
    server,
  ]);

/** A port on which nothing listens. */
async function deadPort(): Promise<string> {
  const server = await new IngestServer().start();
  const { port } = server;
  server.stop();
  return connectionString(port);
}

test('a program that forgets to close ends by itself', async () => {
  await expect(program(await deadPort(), '')).resolves.toMatchObject({ stderr: '' });
});

test('a program that awaits close does not end in the middle of it, though nothing else keeps it alive', async () => {
  const rest = 'process.stdout.write(JSON.stringify(await client.close(300)));';
  const { stdout } = await program(await deadPort(), rest);
  expect(JSON.parse(stdout)).toMatchObject({ tracked: 1, queued: 0, dropped: { closed: 1 } });
});

test('with real time and a real server close delivers', async () => {
  const server = await new IngestServer().start();
  const rest = 'process.stdout.write(JSON.stringify(await client.close(20000)));';
  const { stdout } = await program(server.connectionString, rest);
  expect(JSON.parse(stdout)).toMatchObject({ delivered: 1 });
  expect(server.requests).toHaveLength(1);
});
