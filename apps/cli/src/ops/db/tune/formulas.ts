/** How much memory and how many cores a SQL Server should take of its host. Pure; with the sums in words. */

const MB_PER_GB = 1024;

/** The least that `max server memory (MB)` takes. */
const LEAST_MEMORY_MB = 128;

/** A value, and how it came about. */
export interface Advice {
  readonly value: number;
  readonly because: string;
}

const mb = (value: number): string => `${value.toLocaleString('en')} MB`;

/**
 * What is left when the system has its share: 1 GB, 1 more for each 4 GB up to 16, and 1 more for each 8 GB above. Of 8,192 MB
 * that leaves 5,120.
 */
export function adviseMemory(hostMb: number): Advice {
  // A machine of 8 GB tells a little less.
  const gb = Math.round(hostMb / MB_PER_GB);
  const [below, above] = [Math.floor(Math.min(gb, 16) / 4), Math.floor(Math.max(0, gb - 16) / 8)];
  const reserve = (1 + below + above) * MB_PER_GB;
  const value = Math.max(LEAST_MEMORY_MB, hostMb - reserve);
  const parts = [
    `1 GB`,
    `${below} GB (1 for each 4 GB up to 16)`,
    ...(above > 0 ? [`${above} GB (1 for each 8 GB above)`] : []),
  ];
  return { value, because: `${mb(hostMb)} of the host − ${parts.join(' − ')} = ${mb(value)}` };
}

/** Below so many cores a statement may use all of a node; above, so many or half of them. */
const [ONE_NODE, EACH_NODE] = [8, 16];

/**
 * As many cores as one statement should use at most: those of a node up to 8 (of each of several nodes up to 16), or half of
 * a larger node's, 16 at most (Microsoft's recommendation for MAXDOP, SQL Server 2016 and later).
 */
export function adviseMaxdop(cores: number, nodes: number): Advice {
  const perNode = Math.max(1, Math.floor(cores / Math.max(1, nodes)));
  if (nodes <= 1) {
    const value = Math.min(perNode, ONE_NODE);
    return { value, because: `${cores} cores in one node, ${ONE_NODE} at most = ${value}` };
  }
  const value = perNode <= EACH_NODE ? perNode : Math.min(EACH_NODE, Math.floor(perNode / 2));
  const half = perNode <= EACH_NODE ? '' : `, half of them, ${EACH_NODE} at most`;
  return { value, because: `${cores} cores in ${nodes} nodes: ${perNode} each${half} = ${value}` };
}

/** What a statement has to cost before it is spread over cores: the server's 5 dates from slower machines. */
export const USUAL_COST_THRESHOLD = 50;
