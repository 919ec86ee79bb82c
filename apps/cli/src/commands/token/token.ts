import type { Command } from 'commander';
import { defineGroup } from '../../command.ts';
import type { Io } from '../../io.ts';
import { addTokenCommand } from './add.ts';
import { listTokensCommand } from './list.ts';
import { revokeTokenCommand } from './revoke.ts';

export function tokenCommands(program: Command, io: Io): void {
  const token = defineGroup(program, 'token', 'Bearer tokens for programs that read through the API.');
  addTokenCommand(token, io);
  listTokensCommand(token, io);
  revokeTokenCommand(token, io);
}
