// Applies the plan in a file under a journal. A hook of the repository kills it, by the number that it is told here.
import { readFile } from 'node:fs/promises';
import { runPlan } from '../../../src/ops/runs/run-plan.ts';

const [file = '', folder = ''] = process.argv.slice(2);
process.env.DOOMED = String(process.pid);
await runPlan(JSON.parse(await readFile(file, 'utf8')), { folder, stop: new AbortController().signal });
