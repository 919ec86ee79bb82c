import { resolve } from 'node:path';
import type { DatabaseLocation } from '@scorpiox/shared/config';
import type { Command } from 'commander';
import { CommandFailed, type ConfigOptions, defineCommand, orFail, readConfig } from '../../command.ts';
import type { Io } from '../../io.ts';
import { addOutput, type OutputOptions } from '../../output/options.ts';
import { printRecord } from '../../output/print.ts';

type Options = ConfigOptions & OutputOptions;

export function backUpDatabaseCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'backup <file>',
    summary: 'copy the embedded database while it is in use',
    description:
      'Copies the insights database that the configuration names, as it is at one moment, while the API goes on. The copy is\nchecked before it gets its name; nothing is overwritten. A SQL Server is backed up by statements of its own, which are told.\nIn a pipe: file, octets and version of the schema, divided by tabs.',
    examples: ['scorpiox db backup /backup/insights-monday.db'],
  });
  addOutput(command, '{file, bytes, version}').action(async (target: string, options: Options) => {
    const { database } = orFail(readConfig(io, options)).insights;
    const source = embedded(database, backupStatements);
    const { backUpInsights } = await import('../../ops/db/backup.ts');
    io.say(`Copying ${source} …\n`);
    await printRecord(io, orFail(backUpInsights(source, resolve(io.cwd, target))), options);
  });
}

/** The file of the embedded database; on a SQL Server, the end of the command with what is to be done there instead. */
export function embedded(database: DatabaseLocation, instead: (name: string) => string): string {
  if (database.kind === 'sqlite') return database.file;
  const name = `[${database.database.replaceAll(']', ']]')}]`;
  throw new CommandFailed({ kind: 'refused', message: `insights.database is on a SQL Server, ${instead(name)}` });
}

const backupStatements = (name: string): string =>
  `which copies its databases itself: BACKUP DATABASE ${name} TO DISK = N'insights.bak' WITH COPY_ONLY, CHECKSUM, COMPRESSION; then RESTORE VERIFYONLY FROM DISK = N'insights.bak' WITH CHECKSUM;`;
