import type { ChildProcess } from 'node:child_process';
import { READY_TIMEOUT_MS } from '../limits.ts';

/**
 * Resolves with the addresses of the first ready message, or with undefined when the process ends. One that is silent for
 * too long hangs and is ended; one that says again and again that it is starting may take as long as it needs.
 */
export function readiness(
  child: Pick<ChildProcess, 'on' | 'once' | 'off'>,
  kill: () => void,
): Promise<readonly string[] | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(kill, READY_TIMEOUT_MS);
    const onMessage = (message: unknown) => {
      const addresses = readyAddresses(message);
      if (addresses !== undefined) settle(addresses);
      else if (hasType(message, 'starting')) timer.refresh();
    };
    const settle = (addresses: readonly string[] | undefined) => {
      clearTimeout(timer);
      child.off('message', onMessage);
      resolve(addresses);
    };
    child.on('message', onMessage);
    child.once('close', () => settle(undefined));
    child.once('error', () => settle(undefined));
  });
}

function readyAddresses(message: unknown): readonly string[] | undefined {
  if (!hasType(message, 'ready')) return undefined;
  const addresses = 'addresses' in message ? message.addresses : undefined;
  return Array.isArray(addresses) ? addresses.filter((address) => typeof address === 'string') : [];
}

const hasType = (message: unknown, type: string): message is object =>
  typeof message === 'object' && message !== null && 'type' in message && message.type === type;
