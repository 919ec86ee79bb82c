import type { Command } from 'commander';
import { defineCommand } from '../../../command.ts';
import type { Io } from '../../../io.ts';
import { addListOutput, type ListOptions } from '../../../output/options.ts';
import { printRecords } from '../../../output/print.ts';
import { addOn, type OnOptions } from '../on.ts';

interface Options extends OnOptions, ListOptions {}

export const BACKFILL_SHAPE =
  '{id, table, column, state, done, total, batches, waits, waitsFor, leftMs, worker, expression}';

export function backfillStatusCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'status',
    summary: 'show how far the backfills of a database are',
    description:
      'Shows every backfill that was begun in a database: how far it is, who is at it, and to what it gives way.',
    examples: ['scorpiox db backfill status', `scorpiox db backfill status --jq '.[] | select(.state == "running")'`],
  });
  addListOutput(addOn(command), `an array of ${BACKFILL_SHAPE}`).action(async (options: Options) => {
    const { withDatabase } = await import('../connect.ts');
    const { listBackfills } = await import('../../../ops/db/backfill/status.ts');
    const all = await withDatabase(io, options, { readOnly: true }, listBackfills);
    await printRecords(io, all, options);
  });
}
