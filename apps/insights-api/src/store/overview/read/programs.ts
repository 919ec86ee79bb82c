import type { Answer, Ask, Question } from '../../questions/overview.ts';
import { readCounts } from './counts.ts';
import { readEdges } from './edges.ts';
import { readExceptions } from './exceptions.ts';
import { readFreshGroups } from './fresh-groups.ts';
import { readInstances, readVersions } from './instances.ts';
import { readOperations } from './operations.ts';
import { readStanding } from './standing.ts';
import type { Reading } from './steps.ts';
import { readLatency, readTimeline } from './timeline.ts';

/** How each question is answered. */
export const PROGRAMS: { readonly [K in Ask]: (question: Question<K>) => Reading<Answer<K>> } = {
  standing: readStanding,
  timeline: readTimeline,
  latency: readLatency,
  operations: readOperations,
  exceptions: readExceptions,
  instances: readInstances,
  versions: readVersions,
  edges: readEdges,
  counts: readCounts,
  freshGroups: readFreshGroups,
};
