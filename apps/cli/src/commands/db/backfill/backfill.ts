import type { Command } from 'commander';
import { defineGroup } from '../../../command.ts';
import type { Io } from '../../../io.ts';
import { resumeBackfillCommand } from './resume.ts';
import { startBackfillCommand } from './start.ts';
import { backfillStatusCommand } from './status.ts';
import { turnBackfillCommand } from './turn.ts';

export function backfillCommands(parent: Command, io: Io): void {
  const backfill = defineGroup(parent, 'backfill', 'Columns that are filled in a table that is in use.');
  startBackfillCommand(backfill, io);
  backfillStatusCommand(backfill, io);
  turnBackfillCommand(backfill, io, 'pause');
  resumeBackfillCommand(backfill, io);
  turnBackfillCommand(backfill, io, 'cancel');
}
