/** The processes of the platform, by what answers on their ports. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '@scorpiox/shared/config';
import { reachable } from '../../cert/in-use.ts';
import { systemErrorCode } from '../../failure.ts';
import { type Finding, findingsOf } from '../../findings/finding.ts';
import { PEEK_MS } from '../../limits.ts';
import { isAlive, pidOf } from '../../process-identity.ts';
import type { Area } from '../area.ts';

const finding = findingsOf<'not-running' | 'part-down' | 'part-stuck' | 'not-ready' | 'port-taken'>('parts');

/** A part that answers by HTTP whether it is well. */
interface Part {
  readonly name: string;
  /** The key that sets its port. */
  readonly key: string;
  readonly origin: string;
}

type Answer = 'ready' | 'not-ready' | 'closed' | 'other' | 'silent';

export const parts: Area = {
  name: 'parts',
  async look({ config }) {
    const known = partsOf(config);
    const answers = await Promise.all(known.map(async (part) => ({ part, answer: await ask(part) })));
    const runner = await upProcess(config);
    const isAnyoneThere = runner !== undefined || answers.some(({ answer }) => answer === 'ready');
    if (!isAnyoneThere && answers.every(({ answer }) => answer === 'closed')) {
      return [finding('note', 'not-running', config.dataDir, 'No part of the platform runs here.', 'scorpiox up')];
    }
    return answers.flatMap(({ part, answer }) => judge(part, answer, runner));
  },
};

function partsOf({ imap, insights }: Config): readonly Part[] {
  const at = (host: string, port: number) => `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const all = [
    { name: 'the API', key: 'insights.port', port: insights.port, host: reachable(insights.host) },
    { name: 'the IMAP server', key: 'imap.admin_port', port: imap.adminPort, host: '127.0.0.1' },
  ];
  // 0: any port, or none; nobody here knows.
  return all.flatMap(({ name, key, port, host }) => (port === 0 ? [] : [{ name, key, origin: at(host, port) }]));
}

/** The process of `scorpiox up` on this data folder. */
async function upProcess({ dataDir }: Config): Promise<number | undefined> {
  const holder = await readFile(join(dataDir, 'up.lock'), 'utf8').catch(() => '');
  return (await isAlive(holder)) ? pidOf(holder) : undefined;
}

async function ask({ origin }: Part): Promise<Answer> {
  try {
    const health = await get(`${origin}/healthz`);
    if (health !== 'ok') return 'other';
    return (await get(`${origin}/readyz`)) === 'ok' ? 'ready' : 'not-ready';
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    if (systemErrorCode(cause) === 'ECONNREFUSED') return 'closed';
    return error instanceof Error && error.name === 'TimeoutError' ? 'silent' : 'other';
  }
}

/** What a part says of its state; undefined where the answer is nobody's of ours. */
async function get(url: string): Promise<unknown> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(PEEK_MS), redirect: 'error' });
  const body: unknown = await answer.json().catch(() => undefined);
  return typeof body === 'object' && body !== null && 'status' in body ? body.status : undefined;
}

function judge({ name, key, origin }: Part, answer: Answer, runner: number | undefined): readonly Finding[] {
  switch (answer) {
    case 'ready':
      return [];
    case 'not-ready':
      return [
        finding(
          'warning',
          'not-ready',
          origin,
          `${upper(name)} answers, and takes no work now.`,
          `curl ${origin}/readyz`,
        ),
      ];
    case 'silent':
      return [
        finding(
          'fault',
          'part-stuck',
          origin,
          `${upper(name)} listens and does not answer.`,
          'Restart it; its log may say why.',
        ),
      ];
    case 'closed': {
      const message = `${upper(name)} does not run, though another part of the platform does.`;
      const mend =
        runner === undefined ? 'scorpiox up' : `\`scorpiox up\` (process ${runner}) says why it does not start.`;
      return [finding('fault', 'part-down', origin, message, mend)];
    }
    case 'other': {
      const port = new URL(origin).port;
      const message = `On port ${port} (${key}) another program listens, where ${name} would.`;
      return [
        finding(
          'fault',
          'port-taken',
          origin,
          message,
          `ss -ltnp 'sport = :${port}'   # says which; stop it, or set ${key}`,
        ),
      ];
    }
  }
}

const upper = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
