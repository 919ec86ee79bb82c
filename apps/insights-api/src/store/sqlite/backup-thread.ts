// The thread that copies the insights database and checks the copy: neither writer nor reader waits for it.
import { backUpDatabase } from '@scorpiox/shared/database';
import { serveThread } from '../../threads/server.ts';
import type { BackupCalls, ThreadOptions } from './thread-protocol.ts';

serveThread(({ file }: ThreadOptions): { readonly [K in keyof BackupCalls]: BackupCalls[K] } => ({
  backUp: (target) => backUpDatabase(file, target),
  close: () => {},
}));
