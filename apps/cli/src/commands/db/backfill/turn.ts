import type { Command } from 'commander';
import { defineCommand, orFail } from '../../../command.ts';
import type { Io } from '../../../io.ts';
import { addOutput, type OutputOptions } from '../../../output/options.ts';
import { printRecord } from '../../../output/print.ts';
import { addOn, type OnOptions } from '../on.ts';
import { parseBackfillId } from './id.ts';
import { BACKFILL_SHAPE } from './status.ts';

interface Options extends OnOptions, OutputOptions {}

const TEXTS = {
  pause: {
    summary: 'let a backfill stop until it is resumed',
    description:
      'Lets a backfill stop after the batch that is being done, whoever does it, from any terminal. Its process stays and goes on when it is resumed.',
  },
  cancel: {
    summary: 'end a backfill where it is',
    description:
      'Ends a backfill after the batch that is being done, whoever does it, from any terminal. What is set stays so.',
  },
} as const;

/** `pause` and `cancel`: a word to whoever is at it. */
export function turnBackfillCommand(parent: Command, io: Io, turn: keyof typeof TEXTS): void {
  const command = defineCommand(parent, {
    usage: `${turn} <id>`,
    ...TEXTS[turn],
    examples: [`scorpiox db backfill ${turn} 3`],
  });
  addOutput(addOn(command), BACKFILL_SHAPE).action(async (id: string, options: Options) => {
    const { withDatabase } = await import('../connect.ts');
    const { turnBackfill } = await import('../../../ops/db/backfill/status.ts');
    const number = parseBackfillId(id);
    const turned = await withDatabase(io, options, {}, async (db) => orFail(await turnBackfill(db, number, turn)));
    await printRecord(io, turned, options);
  });
}
