// How a row is measured: rounds alternate between the two servers, so that what else the machine does meets both.
import { setTimeout as pause } from 'node:timers/promises';
import { memory, processorTime } from '../support/usage.ts';
import { figure, quantile, seconds } from '../table.ts';
import type { Peer } from './peer.ts';

const MEGABYTE = 1024 * 1024;

interface Figure {
  readonly what: string;
  readonly unit: 'ms' | 'MB/s' | 'per s' | 'MB';
  /** How many times as good as Dovecot's it is to be; a number with a unit where the goal is one. */
  readonly goal: number | string;
}

export interface Row {
  readonly figures: readonly Figure[];
  readonly rounds: number;
  /** One value per figure. What is to be measured runs inside `probe.during`, once. */
  run(peer: Peer, round: number, probe: Probe): Promise<readonly number[]>;
}

/** What a server spent while something ran. */
export class Probe {
  readonly #pid: number;
  processor = 0;
  memory = 0;

  constructor(pid: number) {
    this.#pid = pid;
  }

  /** Seconds that `work` took. */
  async during(work: () => Promise<unknown>): Promise<number> {
    const before = processorTime(this.#pid);
    const taken = await seconds(async () => void (await work()));
    this.processor = processorTime(this.#pid) - before;
    this.memory = memory(this.#pid) / MEGABYTE;
    return taken;
  }
}

interface Sample extends Pick<Probe, 'processor' | 'memory'> {
  readonly values: readonly number[];
}

async function sample(row: Row, peer: Peer, round: number): Promise<Sample> {
  const probe = new Probe(peer.pid);
  const values = await row.run(peer, round, probe);
  return { values, processor: probe.processor, memory: probe.memory };
}

/** The table's lines of one row. */
export async function measure(row: Row, ours: Peer, theirs: Peer): Promise<string[][]> {
  const own: Sample[] = [];
  const peers: Sample[] = [];
  for (let round = 0; round < row.rounds; round += 1) {
    own.push(await sample(row, ours, round));
    await pause(100);
    peers.push(await sample(row, theirs, round));
    await pause(100);
  }
  return row.figures.map((what, at) => line(what, at, own, peers));
}

function line({ what, unit, goal }: Figure, at: number, own: readonly Sample[], peers: readonly Sample[]): string[] {
  const value = (samples: readonly Sample[]) => quantile(samples.map(({ values }) => values[at] ?? Number.NaN));
  const [ourValue, theirValue] = [value(own), value(peers)];
  const ratio = unit === 'ms' || unit === 'MB' ? theirValue / ourValue : ourValue / theirValue;
  const both = (of: (sample: Sample) => number) =>
    at > 0 ? '' : [own, peers].map((samples) => figure(Math.round(quantile(samples.map(of))))).join(' / ');
  const wanted = typeof goal === 'number' ? `${goal} ×` : goal;
  const cells = [`${what}, ${unit}`, figure(ourValue), figure(theirValue), `${figure(ratio)} ×`, wanted];
  return [...cells, both(({ processor }) => processor), both(({ memory: octets }) => octets)];
}
