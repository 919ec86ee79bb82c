// The API under the load of 15 applications over 81 connections, batches of 100, from a process of its own on the same
// machine; durable means committed and synced before the answer, sums included. `npm run bench -- ingest:WORD` measures
// only the rows in whose name WORD is; `flat` (ten million events, some minutes) only when asked for.

import { flat } from './ingest/flat.ts';
import { Loader } from './ingest/load.ts';
import { formats, type Line, names, old, paced, rate, spool } from './ingest/rows.ts';
import { stageLines } from './ingest/stages.ts';
import { printTable } from './table.ts';

interface Row {
  readonly name: string;
  readonly onlyWhenAsked?: boolean;
  run(loader: Loader): Promise<readonly Line[]>;
}

const ROWS: readonly Row[] = [
  { name: 'rate', run: rate },
  { name: 'paced', run: paced },
  { name: 'formats', run: formats },
  { name: 'names', run: names },
  { name: 'spool', run: spool },
  { name: 'old way', run: old },
  { name: 'flat', onlyWhenAsked: true, run: flat },
];

const word = process.argv[2] ?? '';
const wanted = ROWS.filter(({ name, onlyWhenAsked = false }) => (onlyWhenAsked ? name === word : name.includes(word)));
const withStages = 'stages'.includes(word);
if (wanted.length === 0 && !withStages) throw new Error(`no row ${word}`);

const lines: (readonly string[])[] = [];
const loader = new Loader();
try {
  for (const row of wanted) {
    for (const line of await row.run(loader)) {
      lines.push(line);
      process.stderr.write(`${line.join(' | ')}\n`);
    }
  }
} finally {
  loader.stop();
}
if (lines.length > 0) printTable('Ingest', ['what', 'here', 'beside it', 'ratio', 'goal'], lines);
if (withStages) {
  const head = ['stage: processor time for an event, µs', 'native JSON', '/v2/track', '/v1/traces, protobuf'];
  printTable('Ingest, stage by stage', head, await stageLines(['native', 'track', 'traces']));
}
