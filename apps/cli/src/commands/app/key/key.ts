import type { Command } from 'commander';
import { defineGroup } from '../../../command.ts';
import type { Io } from '../../../io.ts';
import { addKeyCommand } from './add.ts';
import { limitKeyCommand } from './limit.ts';
import { listKeysCommand } from './list.ts';
import { revokeKeyCommand } from './revoke.ts';

export function keyCommands(app: Command, io: Io): void {
  const group = defineGroup(
    app,
    'key',
    'Ingest keys: an application changes to a new one before the old one is revoked.',
  );
  addKeyCommand(group, io);
  listKeysCommand(group, io);
  revokeKeyCommand(group, io);
  limitKeyCommand(group, io);
}
