/** The server in a single process, which listens and serves. */
import type { Config } from '@scorpiox/shared/config';
import { pacedBy } from './auth/pacing.ts';
import { Throttle } from './auth/throttle.ts';
import { createMailServer } from './mail-server.ts';
import { announce, createLog, listening, offerAdmin, stopSignal } from './process.ts';

/** Runs until it is told to stop. Rejects with `StartError`. */
export async function serveAlone(config: Config): Promise<void> {
  const log = createLog(config);
  const now = () => performance.now();
  const server = await createMailServer(config, { log, now, pacing: pacedBy(new Throttle(now)) });
  const ports = await listening(() => server.listener.start());
  const lmtpPort = await listening(() => server.lmtp.start());
  const admin = await offerAdmin(config, server.operator, log);
  announce(config, { ...ports, lmtpPort, adminPort: admin?.port }, log);
  await stopSignal();
  log.info('stopping');
  await server.stop();
  await admin?.stop();
}
