import type { Command } from 'commander';
import { defineGroup } from '../../command.ts';
import type { Io } from '../../io.ts';
import { checkCertificatesCommand } from './check.ts';
import { initCertificatesCommand } from './init.ts';
import { issueCertificateCommand } from './issue.ts';
import { renewCertificateCommand } from './renew.ts';
import { showCertificatesCommand } from './show.ts';

export function certCommands(program: Command, io: Io): void {
  const cert = defineGroup(program, 'cert', 'Certificates of the servers, and the local authority that issues them.');
  initCertificatesCommand(cert, io);
  issueCertificateCommand(cert, io);
  renewCertificateCommand(cert, io);
  showCertificatesCommand(cert, io);
  checkCertificatesCommand(cert, io);
}
