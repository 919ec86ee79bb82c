/** A worker's process: serves what the primary (primary.ts) hands it, until that wants no more or is gone. */
import { PrimaryLink } from './fleet/primary-link.ts';
import { unpackSettings } from './fleet/settings.ts';
import { createMailServer } from './mail-server.ts';
import { createLog, EXIT, runProcess, STOP_SIGNALS, StartError } from './process.ts';

async function serve(): Promise<void> {
  if (process.send === undefined)
    throw new StartError('The IMAP server starts its workers by itself; run main.', EXIT.usage);
  for (const signal of STOP_SIGNALS) process.on(signal, () => {}); // the primary has heard it as well
  const primary = new PrimaryLink({
    send: (message, sent) => process.send?.(message, undefined, undefined, sent),
    on: (event, listener) => process.on(event, listener),
    once: (event, listener) => process.once(event, listener),
  });
  const { worker, settings } = await primary.told;
  const { config, ticketKeys } = unpackSettings(settings);
  const processLog = createLog(config, { worker });
  const now = () => performance.now();
  const server = await createMailServer(config, { ...processLog, pacing: primary, ticketKeys, now }).catch(
    async (error) => {
      if (!(error instanceof StartError)) throw error;
      await primary.cannotStart(error.message); // which says it for all workers, once
      process.exit(error.exit);
    },
  );
  primary.serve({
    take: (socket, door, presence) => {
      if (door === 'lmtp') server.lmtp.take(socket, presence);
      else server.listener.take(socket, door, presence);
    },
    operator: server.operator,
  });
  await primary.ended;
  await server.stop();
}

await runProcess(serve);
