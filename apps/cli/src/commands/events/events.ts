import type { Command } from 'commander';
import { defineGroup } from '../../command.ts';
import type { Io } from '../../io.ts';
import { queryEventsCommand } from './query.ts';
import { tailEventsCommand } from './tail.ts';

export function eventsCommands(program: Command, io: Io): void {
  const events = defineGroup(program, 'events', 'What applications have sent: searched, and followed as it comes.');
  queryEventsCommand(events, io);
  tailEventsCommand(events, io);
}
