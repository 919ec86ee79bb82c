import type { Command } from 'commander';
import { defineGroup } from '../../command.ts';
import type { Io } from '../../io.ts';
import { listAlertsCommand } from './list.ts';
import { testAlertCommand } from './test.ts';

export function alertsCommands(program: Command, io: Io): void {
  const alerts = defineGroup(program, 'alerts', 'Rules that tell when something is wrong.');
  listAlertsCommand(alerts, io);
  testAlertCommand(alerts, io);
}
