// A program, run to its end: how long it took, what it cost, and how much memory it had at most.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { processorTime, resident } from '../support/usage.ts';
import { quantile } from '../table.ts';

export interface Cost {
  readonly seconds: number;
  /** Processor time, as far as it showed while the program ran. */
  readonly processorMs: number;
  /** Octets. */
  readonly peak: number;
}

type Command = readonly [program: string, ...args: readonly string[]];

async function run([program, ...args]: Command): Promise<Cost> {
  const start = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'ignore'] });
  let [peak, processorMs] = [0, 0];
  const watch = setInterval(() => {
    try {
      peak = Math.max(peak, resident(child.pid ?? 0, 'VmHWM') || 0);
      processorMs = Math.max(processorMs, processorTime(child.pid ?? 0));
    } catch {
      // it has just ended
    }
  }, WATCH_MS);
  await once(child, 'exit');
  clearInterval(watch);
  return { seconds: (performance.now() - start) / 1000, processorMs, peak };
}

const WATCH_MS = 25;

/** Each of them by turns; medians of what the rounds cost. */
export async function compare<Name extends string>(
  commands: Readonly<Record<Name, Command>>,
  rounds: number,
): Promise<Readonly<Record<Name, Cost>>> {
  const names = Object.keys(commands) as Name[];
  const costs = new Map<Name, Cost[]>(names.map((name) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of names) {
      const cost = await run(commands[name]);
      if (round > 0) costs.get(name)?.push(cost); // the first fills the caches
    }
  }
  const median = (name: Name, of: (cost: Cost) => number): number => quantile((costs.get(name) ?? []).map(of));
  const medians = names.map((name): [Name, Cost] => [
    name,
    {
      seconds: median(name, ({ seconds }) => seconds),
      processorMs: median(name, ({ processorMs }) => processorMs),
      peak: Math.max(...(costs.get(name) ?? []).map(({ peak }) => peak)),
    },
  ]);
  return Object.fromEntries(medians) as Readonly<Record<Name, Cost>>; // a median for each name
}
