import { readOptions } from '../../actions/set-option.ts';
import { type Host, readHost } from '../../dialect/host.ts';
import { adviseMaxdop, adviseMemory, USUAL_COST_THRESHOLD } from '../../tune/formulas.ts';
import { COST_THRESHOLD_LOW } from '../limits.ts';
import { NotTold, type Probe } from '../probe.ts';
import { type Found, found, less, type Told } from '../report.ts';

export const memory: Probe = {
  section: 'memory and cores',
  look: async ({ db }) => {
    const host = await readHost(db);
    if (host === undefined) throw new NotTold('not told: the server tells nothing of its host');
    return tellMemory(host, await readOptions(db));
  },
};

/** What `max server memory (MB)` is where nobody set it. */
const NO_LIMIT = 2_147_483_647;

export function tellMemory(host: Host, options: ReadonlyMap<string, number>): Told {
  const maxMemory = options.get('max server memory (MB)') ?? NO_LIMIT;
  const maxdop = options.get('max degree of parallelism') ?? 0;
  const threshold = options.get('cost threshold for parallelism') ?? 0;
  const mb = (value: number) => `${value.toLocaleString('en')} MB`;
  const limit = maxMemory === NO_LIMIT ? 'no limit' : `${mb(maxMemory)} at most`;
  return {
    summary: `${mb(host.usedMb)} used, ${limit}, of ${mb(host.memoryMb)}; MAXDOP ${maxdop} on ${host.cores} cores, cost threshold ${threshold}`,
    facts: {
      hostMb: host.memoryMb,
      usedMb: host.usedMb,
      aimedMb: host.aimedMb,
      maxMemoryMb: maxMemory === NO_LIMIT ? null : maxMemory,
      cores: host.cores,
      nodes: host.nodes,
      maxdop,
      costThreshold: threshold,
      started: host.started,
    },
    findings: [...ofMemory(host, maxMemory), ...ofMaxdop(host, maxdop), ...ofThreshold(threshold)],
    measures: [less("megabytes of the host's memory used", host.usedMb)],
  };
}

function ofMemory(host: Host, maxMemory: number): readonly Found[] {
  const advice = adviseMemory(host.memoryMb);
  if (maxMemory <= host.memoryMb && maxMemory <= advice.value * 1.1) return [];
  const told = maxMemory === NO_LIMIT ? 'has no limit' : `is ${maxMemory.toLocaleString('en')} MB`;
  const message = `The server's memory ${told}: it leaves the host too little, which then slows everything.`;
  return [
    found('warning', 'memory-unlimited', '', message, {
      evidence: `max server memory (MB) ${maxMemory}; by the formula ${advice.because}`,
      mend: 'scorpiox db tune --max-memory auto',
    }),
  ];
}

function ofMaxdop(host: Host, maxdop: number): readonly Found[] {
  const advice = adviseMaxdop(host.cores, host.nodes);
  if (host.cores === 1 || (maxdop > 0 && maxdop <= advice.value)) return [];
  const message =
    maxdop === 0
      ? `One statement may take all ${host.cores} cores: MAXDOP is 0.`
      : `One statement may take ${maxdop} cores, more than it should of ${host.cores}.`;
  return [
    found('warning', 'maxdop-unlimited', '', message, {
      evidence: `max degree of parallelism ${maxdop}; by the formula ${advice.because}`,
      mend: 'scorpiox db tune --maxdop auto',
    }),
  ];
}

function ofThreshold(threshold: number): readonly Found[] {
  if (threshold >= COST_THRESHOLD_LOW) return [];
  const message = `Statements are spread over cores from a cost of ${threshold} on, which small ones have too.`;
  return [
    found('note', 'cost-threshold-low', '', message, {
      evidence: `cost threshold for parallelism ${threshold}; ${USUAL_COST_THRESHOLD} is usual`,
      mend: 'scorpiox db tune --cost-threshold auto',
    }),
  ];
}
