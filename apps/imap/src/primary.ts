/** The process that listens, and keeps the workers that serve. It imports no more than that takes: it is to stay small. */
import { randomBytes } from 'node:crypto';
import type { Config } from '@scorpiox/shared/config';
import type { Logger } from 'pino';
import { pacedBy } from './auth/pacing.ts';
import { Throttle } from './auth/throttle.ts';
import { certificateOf, limitsOf, lmtpAt, withCertificate } from './configured.ts';
import { Fleet, type FleetObserver } from './fleet/fleet.ts';
import { FleetOperator } from './fleet/operator.ts';
import { packSettings } from './fleet/settings.ts';
import type { WorkerLink } from './fleet/worker-link.ts';
import { LMTP } from './limits.ts';
import { announce, createLog, EXIT, listening, offerAdmin, StartError } from './process.ts';
import { Admission, imapRoom, lmtpRoom } from './server/admission.ts';
import { Metrics } from './server/metrics.ts';
import { type ClientSocket, type Door, imapPlaces, lmtpPlaces, Ports } from './server/ports.ts';
import { LoopDelay, processFamilies } from './server/process-metrics.ts';

/** Octets of the keys of TLS session tickets, as Node takes them. */
const TICKET_KEYS = 48;

/** Runs until `stopped`, also where that is before all workers serve. Rejects with `StartError`. */
export async function serveByWorkers(config: Config, stopped: Promise<void>): Promise<void> {
  const { log, recentLog } = createLog(config);
  const now = () => performance.now();
  await withCertificate(config, () => certificateOf(config)); // once, before several would make it
  const fleet = new Fleet({
    program: programBeside(),
    workers: config.imap.workers,
    settings: packSettings(config, randomBytes(TICKET_KEYS)),
    pacing: pacedBy(new Throttle(now)),
    observer: observerOf(log),
    now,
  });
  const metrics = new Metrics();
  const ports = new Ports({ arrived: doorkeeper(config, fleet, metrics, log), paused: true });
  const places = [...imapPlaces(config.imap), ...lmtpPlaces(lmtpAt(config))];
  const [port = 0, tlsPort = 0, ...others] = await listening(() => ports.open(places));
  await Promise.race([started(fleet), stopped]);
  const loopDelay = new LoopDelay();
  const measured = () => [...metrics.families(), loopDelay.family(), ...processFamilies(0)];
  const operator = new FleetOperator(fleet, { metrics: measured, recentLog }, now);
  fleet.follow((worker) => void inTraces(operator, worker, log));
  const admin = await offerAdmin(config, operator, log).catch(async (error: unknown) => {
    await fleet.stop();
    throw error;
  });
  const lmtpPort = lmtpAt(config).port === undefined ? undefined : others.at(-1);
  announce(config, { port, tlsPort, lmtpPort, adminPort: admin?.port }, log);
  await stopped;
  log.info('stopping');
  ports.close();
  await fleet.stop();
  await admin?.stop();
}

/** A worker that was started again writes the traces that run, as its fellows do. */
async function inTraces(operator: FleetOperator, worker: WorkerLink, log: Logger): Promise<void> {
  if (await operator.joined(worker)) return;
  log.warn({ worker: worker.worker }, 'a trace runs without this worker; begin it anew');
}

/** Counts who comes, and passes on whom there is room for. */
function doorkeeper(config: Config, fleet: Fleet, metrics: Metrics, log: Logger) {
  const imap = new Admission(imapRoom(limitsOf(config), config.imap.behindProxy));
  const lmtp = new Admission(lmtpRoom(LMTP));
  return (socket: ClientSocket, door: Door): void => {
    const address = socket.remoteAddress ?? '';
    const entry = (door === 'lmtp' ? lmtp : imap).enter(address);
    socket.on('error', () => socket.destroy());
    if (entry.verdict !== 'dropped') {
      fleet.arrive({ socket, door, entry });
      return;
    }
    log.warn({ address, door }, 'connection dropped: too many');
    metrics.refused(door === 'lmtp' ? 'lmtp' : 'imap');
    socket.destroy();
  };
}

/** Resolves when all workers serve; where one cannot, all end. */
async function started(fleet: Fleet): Promise<void> {
  const exit = await fleet.start();
  if (exit === undefined) return;
  await fleet.stop();
  const how = exit.signal ?? `code ${exit.code}`;
  throw new StartError(exit.why ?? `A worker ended (${how}) before it served.`, exit.code ?? EXIT.software);
}

function observerOf(log: Logger): FleetObserver {
  return {
    started: (worker, pid) => log.info({ worker, workerPid: pid }, 'worker started'),
    ended: (worker, pid, exit, pause) =>
      log.error({ worker, workerPid: pid, ...exit, pause }, 'worker ended; it is started again'),
    trouble: (worker, what) => log.error({ worker, what }, 'worker in trouble'),
  };
}

/** Beside this file, as TypeScript in the source tree and as JavaScript where it was built. */
function programBeside(): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./worker.${extension}`, import.meta.url);
}
