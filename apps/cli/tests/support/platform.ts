import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { type Ended, type RunOptions, type Scorpiox, startScorpiox } from './scorpiox.ts';

/** `scorpiox up` as a process, with what it prints. */
export interface Platform {
  readonly process: Scorpiox;
  readonly out: string[];
  readonly err: string[];
  /** Resolves with the first line (of either stream) that matches, also one that was printed before. */
  line(pattern: RegExp): Promise<string>;
  readonly ended: Promise<Ended>;
}

/** Loopback ports that the system chooses; the data folder is the caller's. */
const ANY_PORTS = {
  SCORPIOX_IMAP_PORT: '0',
  SCORPIOX_IMAP_TLS_PORT: '0',
  SCORPIOX_IMAP_LMTP_PORT: '0',
  SCORPIOX_IMAP_ADMIN_PORT: '0',
  SCORPIOX_IMAP_WORKERS: '1', // as cheap as can be: workers are tried in apps/imap and in the root's tests
  SCORPIOX_INSIGHTS_PORT: '0',
};

/** Starts `scorpiox up`; it is ended with the test. */
export function startPlatform(dataDir: string, args: readonly string[] = [], options: RunOptions = {}): Platform {
  const env = { ...ANY_PORTS, SCORPIOX_DATA_DIR: dataDir, ...options.env };
  const child = startScorpiox(['up', ...args], { ...options, env });
  const waiting = new Set<() => void>();
  const out: string[] = [];
  const err: string[] = [];
  const collect = (stream: Readable, lines: string[]) =>
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      for (const look of [...waiting]) look();
    });
  collect(child.stdout, out);
  collect(child.stderr, err);
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (code) => resolve({ code, stdout: out.join('\n'), stderr: err.join('\n') })),
  );
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  const line = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        const found = [...out, ...err].find((text) => pattern.test(text));
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
      void ended.then(({ stderr }) => reject(new Error(`ended without a line like ${pattern}:\n${stderr}`)));
    });
  return { process: child, out, err, line, ended };
}
