// Ten million events: whether memory stays where it is, and whether the rate does. Some minutes: only when it is asked for.
import { resident } from '../support/usage.ts';
import { figure } from '../table.ts';
import { BATCH } from './bodies.ts';
import { type Loader, rateOf } from './load.ts';
import { type Line, MEGABYTE, measure, median, withServer } from './rows.ts';
import type { ApiServer } from './server.ts';

const EVENTS = 10_000_000;
const PARTS = 20;
const FEW = 100_000;
const SAMPLE_MS = 1_000;
const ROUNDS = 5;

interface Part {
  /** Events a second. */
  readonly rate: number;
  /** The most that was resident, octets, by samples. */
  readonly memory: number;
}

async function send(loader: Loader, server: ApiServer, events: number): Promise<Part> {
  let memory = 0;
  const sample = () => {
    memory = Math.max(memory, resident(server.pid));
  };
  const timer = setInterval(sample, SAMPLE_MS);
  const batches = events / BATCH;
  const result = await loader.run(server, { format: 'native', gzip: false, batches });
  clearInterval(timer);
  sample();
  return { rate: rateOf(batches, result), memory };
}

export async function flat(loader: Loader): Promise<readonly Line[]> {
  return withServer(loader, async (large) => {
    const parts: Part[] = [];
    for (let part = 0; part < PARTS; part += 1) parts.push(await send(loader, large, EVENTS / PARTS));
    const memory = (from: number, to: number) =>
      figure(Math.max(...parts.slice(from, to).map((part) => part.memory)) / MEGABYTE);
    const tenth = PARTS / 10;
    const [filled, few] = await compare(loader, large);
    return [
      [
        'memory (RSS), the most in the tenth million, MB (beside: the second, the fifth)',
        memory(PARTS - tenth, PARTS),
        `${memory(tenth, 2 * tenth)}, ${memory(4 * tenth, 5 * tenth)}`,
        '',
        'flat',
      ],
      ['events per second while 10 million come, median', figure(median(parts.map((part) => part.rate))), '', '', ''],
      [
        'events per second with 10 million stored (beside: with 100,000)',
        figure(filled),
        figure(few),
        `${figure(filled / few)} ×`,
        '≥ 0.8 ×',
      ],
    ];
  });
}

/** By turns: a server with ten million events, and a new one that is given a hundred thousand before each round. */
async function compare(loader: Loader, large: ApiServer): Promise<readonly [filled: number, few: number]> {
  const [filled, few]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    filled.push((await measure(loader, large)).rate);
    await withServer(loader, async (small) => {
      await send(loader, small, FEW);
      few.push((await measure(loader, small)).rate);
    });
  }
  return [median(filled), median(few)];
}
