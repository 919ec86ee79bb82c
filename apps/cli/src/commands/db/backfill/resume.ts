import type { Command } from 'commander';
import { CommandFailed, defineCommand, orFail } from '../../../command.ts';
import type { Io } from '../../../io.ts';
import { addOutput, type OutputOptions } from '../../../output/options.ts';
import { printRecord } from '../../../output/print.ts';
import { showProgress } from '../../../output/progress.ts';
import { listenForStop } from '../../../signals.ts';
import { addOn, type OnOptions } from '../on.ts';
import { parseBackfillId } from './id.ts';
import { differs, tellFilled } from './start.ts';
import { BACKFILL_SHAPE } from './status.ts';

interface Options extends OnOptions, OutputOptions {}

const FILLED_SHAPE = '{backfill, table, column, rows, batches, waits, differing, untold}';

export function resumeBackfillCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'resume <id>',
    summary: 'go on with a backfill that was paused, or whose process is gone',
    description:
      'Goes on with a backfill. Where the process that was at it waits, it goes on there; where it is gone, it goes on here, behind the\nlast row that was set. It was agreed on when it was started, and is not asked for again.',
    examples: ['scorpiox db backfill resume 3'],
  });
  addOutput(addOn(command), `${FILLED_SHAPE}; ${BACKFILL_SHAPE} where another process goes on`).action(
    async (written: string, options: Options) => {
      const id = parseBackfillId(written);
      const { withDatabase } = await import('../connect.ts');
      const { isBackfillAtWork, turnBackfill } = await import('../../../ops/db/backfill/status.ts');
      const elsewhere = await withDatabase(io, options, {}, async (db) =>
        orFail(await isBackfillAtWork(db, id)) ? orFail(await turnBackfill(db, id, 'resume')) : undefined,
      );
      if (elsewhere === undefined) return goOn(io, id, options);
      await printRecord(io, elsewhere, options);
      io.say(`It goes on: ${elsewhere.worker ?? 'its process'} is at it.\n`);
    },
  );
}

async function goOn(io: Io, id: number, options: Options): Promise<void> {
  const { tellerOf, withDatabase } = await import('../connect.ts');
  const { resumeBackfill } = await import('../../../ops/db/backfill/backfill.ts');
  const signals = listenForStop();
  const progress = showProgress(io, { label: `db backfill ${id}`, unit: 'rows' });
  try {
    const watch = { stop: signals.stop, onProgress: progress.update };
    const teller = tellerOf(io, options, progress.print);
    const filled = await withDatabase(io, options, { teller }, async (db) =>
      orFail(await resumeBackfill(db, id, watch)),
    );
    progress.end();
    await printRecord(io, { ...filled }, options);
    io.say(`${tellFilled({ ...filled })}\n`);
    const trouble = differs({ ...filled });
    if (trouble !== undefined) throw new CommandFailed(trouble);
  } finally {
    progress.end();
    signals.dispose();
  }
}
