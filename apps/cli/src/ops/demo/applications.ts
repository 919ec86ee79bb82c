import { setTimeout as pause } from 'node:timers/promises';
import type { Config } from '@scorpiox/shared/config';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../failure.ts';
import { databaseFailure, withControl } from '../insights/control.ts';
import { DEMO_HISTORY_MS, DEMO_NOTE_MS, DEMO_ROUND_MS, DEMO_SILENT_FOR_MS, DEMO_STEP_MS } from '../limits.ts';
import { type Notes, writeNotes } from './notes.ts';
import { sendEvents } from './send.ts';
import { SERVICE_NAMES, type ServiceName } from './services.ts';
import { eventsBetween, type Simulation } from './simulate.ts';

export interface Applications {
  readonly config: Config;
  readonly notes: Notes;
  /** Base address of the API. */
  readonly endpoint: string;
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
}

type Keys = ReadonlyMap<ServiceName, string>;

/** Makes the simulated applications known; each gets a key of its own. */
export function registerApplications(config: Config): Promise<Result<Keys, Failure>> {
  return withControl(config, async (control) => {
    const keys = new Map<ServiceName, string>();
    for (const name of SERVICE_NAMES) {
      const app = await control.ensureApp(name);
      if (!app.ok) return err(databaseFailure(app.error));
      keys.set(name, app.value.key);
    }
    return ok(keys);
  });
}

/**
 * Sends what the applications have to say: at a first start what is present, so that whoever looks sees
 * them alive, then their history, then the present as it happens, until the signal. It waits for the API wherever that is behind, so nothing piles up here. Resolves with the notes of where it ended.
 */
export async function runApplications(keys: Keys, { config, notes, ...rest }: Applications): Promise<void> {
  const { signal } = rest;
  const simulation: Simulation = { seed: 'scorpiox', silentFrom: notes.firstStart - DEMO_SILENT_FOR_MS };
  const start = Date.now();
  // At a first start only: later ones go on where the last one ended.
  const present = { from: notes.sentUntil === 0 ? start - DEMO_STEP_MS : start, until: start };
  await sendSpan(keys, simulation, present, rest);
  let sentUntil = notes.sentUntil;
  let noted = performance.now();
  while (!signal.aborted) {
    const now = Date.now();
    const next = nextSpan(sentUntil, present, now);
    await sendSpan(keys, simulation, next, rest);
    if (signal.aborted) break;
    sentUntil = next.until;
    if (performance.now() - noted > DEMO_NOTE_MS) {
      await writeNotes(config.dataDir, { ...notes, sentUntil });
      noted = performance.now();
    }
    if (sentUntil === now) await pause(DEMO_ROUND_MS, undefined, { signal }).catch(() => undefined); // aborted: the loop ends
  }
  await writeNotes(config.dataDir, { ...notes, sentUntil });
}

interface TimeSpan {
  readonly from: number;
  readonly until: number;
}

/** The next part to send, after `sentUntil`; what was sent first as present is left out. */
function nextSpan(sentUntil: number, present: TimeSpan, now: number): TimeSpan {
  const from = Math.min(Math.max(sentUntil, now - DEMO_HISTORY_MS), now);
  if (from < present.from) return { from, until: Math.min(from + DEMO_STEP_MS, present.from) };
  const after = Math.min(Math.max(from, present.until), now);
  return { from: after, until: Math.min(after + DEMO_STEP_MS, now) };
}

async function sendSpan(
  keys: Keys,
  simulation: Simulation,
  { from, until }: TimeSpan,
  { endpoint, signal, print }: Pick<Applications, 'endpoint' | 'signal' | 'print'>,
): Promise<void> {
  const byApp = Map.groupBy(eventsBetween(simulation, from, until), ({ app }) => app);
  await Promise.all(
    [...byApp].map(async ([app, events]) => {
      const { refused, reason } = await sendEvents(events, { endpoint, key: keys.get(app) ?? '', signal });
      if (refused > 0) print(`${app}: the API refused ${refused} events (${reason}).`);
    }),
  );
}
