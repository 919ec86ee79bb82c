import type { Command } from 'commander';
import { defineGroup } from '../../command.ts';
import type { Io } from '../../io.ts';
import { backfillCommands } from './backfill/backfill.ts';
import { backUpDatabaseCommand } from './backup.ts';
import { blockingCommand } from './blocking.ts';
import { decomputeCommand } from './decompute.ts';
import { dedupeCommand } from './dedupe.ts';
import { dupesCommand } from './dupes.ts';
import { explainCommand } from './explain.ts';
import { healthCommand } from './health.ts';
import { killCommand } from './kill.ts';
import { migrateDatabaseCommand } from './migrate.ts';
import { restoreDatabaseCommand } from './restore.ts';
import { topCommand } from './top.ts';
import { tuneCommand } from './tune.ts';
import { uniqueCommand } from './unique.ts';
import { verifyDatabaseCommand } from './verify.ts';

export function dbCommands(program: Command, io: Io): void {
  const db = defineGroup(
    program,
    'db',
    'The database behind the insights, or any other of SQLite or SQL Server: what is wrong with it, and mending that.',
  );
  healthCommand(db, io);
  explainCommand(db, io);
  topCommand(db, io);
  blockingCommand(db, io);
  dupesCommand(db, io);
  dedupeCommand(db, io);
  uniqueCommand(db, io);
  backfillCommands(db, io);
  decomputeCommand(db, io);
  tuneCommand(db, io);
  killCommand(db, io);
  verifyDatabaseCommand(db, io);
  backUpDatabaseCommand(db, io);
  restoreDatabaseCommand(db, io);
  migrateDatabaseCommand(db, io);
}
