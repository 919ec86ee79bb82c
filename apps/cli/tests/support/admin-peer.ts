import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { SessionReport } from '@scorpiox/shared/imap-admin';
import { onTestFinished } from 'vitest';
import { type HereOptions, scorpioxHere } from './here.ts';
import { temporaryFolder } from './scorpiox.ts';

/** What is answered: a status and a body. */
export type Answers = (request: string, body: unknown) => readonly [number, unknown] | undefined;

const TOKEN = 'a-token-of-more-than-thirty-two-characters';

/** The operator's port of an IMAP server that answers as it is told, and the tool that asks it. */
export async function startAdminPeer(answers: Answers, token = TOKEN) {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const line = `${request.method} ${request.url}`;
    asked.push(line);
    const isKnown = request.headers.authorization === `Bearer ${TOKEN}`;
    const nothing = [404, { error: { code: 'not-found', message: 'There is nothing there.' } }] as const;
    const stranger = [401, { error: { code: 'unauthorized', message: 'Who are you?' } }] as const;
    const [status, said] = isKnown ? (answers(line, body === '' ? undefined : JSON.parse(body)) ?? nothing) : stranger;
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify(said));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const dataDir = await temporaryFolder();
  await mkdir(dataDir, { recursive: true });
  await writeFile(join(dataDir, 'imap-admin.token'), `${token}\n`, { mode: 0o600 });
  const env = { SCORPIOX_DATA_DIR: dataDir, SCORPIOX_IMAP_ADMIN_PORT: String(port) };
  const run = (args: readonly string[], options: HereOptions = {}) =>
    scorpioxHere(['imap', ...args], { env, ...options });
  return { run, asked, dataDir };
}

/** A session of alice that waits for nothing. */
export const sessionOf = (id: string, more: Partial<SessionReport> = {}): SessionReport => ({
  id: `${id}-0000-4000-8000-000000000000`,
  protocol: 'imap',
  pid: 7,
  user: 'alice',
  address: '192.0.2.7',
  tls: { protocol: 'TLSv1.3', cipher: 'X' },
  compressed: false,
  state: 'selected',
  mailbox: 'INBOX',
  command: null,
  heldOctets: 0,
  waitingOctets: 0,
  stalledMs: null,
  quietMs: 5_000,
  connectedMs: 60_000,
  client: { name: 'Thunderbird', version: '128' },
  ...more,
});
