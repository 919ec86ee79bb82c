/** The server in a single process, which listens and serves. */
import type { Config } from '@scorpiox/shared/config';
import { pacedBy } from './auth/pacing.ts';
import { Throttle } from './auth/throttle.ts';
import { createMailServer } from './mail-server.ts';
import { announce, createLog, listening, offerAdmin } from './process.ts';

/** Runs until `stopped`, also where that is before it serves. Rejects with `StartError`. */
export async function serveAlone(config: Config, stopped: Promise<void>): Promise<void> {
  const { log, recentLog } = createLog(config);
  const now = () => performance.now();
  const server = await createMailServer(config, { log, recentLog, now, pacing: pacedBy(new Throttle(now)) });
  const ports = await listening(() => server.listener.start());
  const lmtpPort = await listening(() => server.lmtp.start());
  const admin = await offerAdmin(config, server.operator, log);
  announce(config, { ...ports, lmtpPort, adminPort: admin?.port }, log);
  await stopped;
  log.info('stopping');
  await server.stop();
  await admin?.stop();
}
