// A thread that signs in, selects INBOX and says NOOP every few milliseconds until it is told to stop; then it sends what each took.
import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { ImapClient } from '../support/imap-client.ts';

const { port, user, password } = workerData as { port: number; user: string; password: string }; // as many.ts gives them
const imap = await ImapClient.connect(port);
await imap.command(`LOGIN ${user} ${password}`);
await imap.command('SELECT INBOX');
let stopped = false;
parentPort?.once('message', () => {
  stopped = true;
});
parentPort?.postMessage('ready');
const samples: number[] = [];
while (!stopped) {
  const start = performance.now();
  await imap.command('NOOP');
  samples.push(performance.now() - start);
  await pause(3);
}
imap.close();
parentPort?.postMessage(samples);
