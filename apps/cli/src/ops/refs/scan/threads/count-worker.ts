// The thread that counts in files beside the main one: batches in, outcomes out, in their order, by the port that it is given.
import { workerData } from 'node:worker_threads';
import { searchFor } from '../../match.ts';
import { BatchCounter, type Item } from '../batch.ts';
import type { ThreadData } from './helper.ts';

const { path, port } = workerData as ThreadData; // helper.ts started it
const counter = new BatchCounter(searchFor(path));

port.on('message', (items: readonly Item[]) => {
  const steps = counter.count(items);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  port.postMessage(step.value);
});
