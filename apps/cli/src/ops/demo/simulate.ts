/**
 * What the simulated applications do, as a pure function of time: the events of any minute are the same whenever
 * they are asked for. So nothing has to be remembered, history is made the same way as the present, and an event that
 * is sent twice after a restart is recognised by its id.
 */
import type { NativeEvent } from '@scorpiox/shared/telemetry';
import { Random } from './random.ts';
import { type Operation, SERVICES, type Service, type ServiceName, SILENT_SERVICE, type Step } from './services.ts';

/** An event and the moment, milliseconds since the epoch, at which its application would send it. */
export interface DemoEvent {
  readonly app: ServiceName;
  readonly sentAt: number;
  readonly event: NativeEvent;
}

export interface Simulation {
  readonly seed: string;
  /** From then on the silent application sends nothing, milliseconds since the epoch. */
  readonly silentFrom: number;
}

const MINUTE_MS = 60_000;
/** The longest single wait; keeps whole journeys below the look-back of `eventsBetween`. */
const LONGEST_MS = 15_000;
const LOOK_BACK_MINUTES = 2;

/** Everything that is sent from `from` up to but excluding `until` (milliseconds since the epoch), in order. */
export function eventsBetween(simulation: Simulation, from: number, until: number): DemoEvent[] {
  const events: DemoEvent[] = [];
  for (let minute = Math.floor(from / MINUTE_MS) - LOOK_BACK_MINUTES; minute * MINUTE_MS < until; minute++) {
    events.push(...eventsOfMinute(simulation, minute));
  }
  return events.filter(({ sentAt }) => sentAt >= from && sentAt < until).sort((a, b) => a.sentAt - b.sentAt);
}

function eventsOfMinute({ seed, silentFrom }: Simulation, minute: number): DemoEvent[] {
  return SERVICES.flatMap((service) => {
    const begin = minute * MINUTE_MS;
    if (service.name === SILENT_SERVICE && begin >= silentFrom) return [];
    const world = new World(new Random(`${seed} ${service.name} ${minute}`));
    const rate = service.perMinute * tide(begin);
    for (let at = world.random.exponential(MINUTE_MS / rate); rate > 0 && at < MINUTE_MS; ) {
      world.arrive(service, begin + at);
      at += world.random.exponential(MINUTE_MS / rate);
    }
    world.measure(service, begin);
    return world.events;
  });
}

/** Days have a busy and a quiet half, and every quarter of an hour its own ripple. */
function tide(at: number): number {
  const day = Math.sin((at / 86_400_000 - 0.35) * 2 * Math.PI);
  const ripple = Math.sin((at / 900_000) * 2 * Math.PI);
  return 1 + 0.35 * day + 0.15 * ripple;
}

interface Span {
  readonly operationId: string;
  readonly parentId?: string;
}

const EXCEPTIONS = ['TimeoutError', 'ConnectionResetError', 'InvalidStateError', 'NullReferenceException'] as const;

/** The events that follow from the arrivals at one service. */
class World {
  readonly random: Random;
  readonly events: DemoEvent[] = [];

  constructor(random: Random) {
    this.random = random;
  }

  /** Somebody outside wants something. */
  arrive(service: Service, at: number): void {
    const operation = this.random.pickWeighted(service.operations);
    const operationId = this.random.hex(32);
    const { end, failed } = this.#request(service, operation, { operationId }, at);
    if (service.name === 'demo-shop' && operation.name.startsWith('GET'))
      this.#pageView(service, operation, operationId, at);
    if (operation.name === 'POST /order' && !failed) this.#order(service, operationId, end);
  }

  /** What each application says about itself once a minute. */
  measure(service: Service, at: number): void {
    const instance = service.instances[0];
    const metric = (name: string, value: number, unit: string) =>
      this.#add(service, at, { kind: 'metric', name, value: Math.round(value * 10) / 10, unit, instance });
    metric('process.cpu', Math.min(100, this.random.logNormal(12 * tide(at), 0.4)), '%');
    metric('process.memory', 180 + 60 * tide(at) + 20 * this.random.next(), 'MiB');
    if (service.name === 'demo-shop') {
      const success = this.random.chance(0.995);
      const durationMs = Math.round(this.random.logNormal(90, 0.3));
      this.#add(service, at, { kind: 'availability', name: 'front page', durationMs, success, instance: 'probe-1' });
    }
  }

  #request(service: Service, operation: Operation, span: Span, at: number): { end: number; failed: boolean } {
    const id = this.random.hex(16);
    const instance = this.random.pick(service.instances);
    let end = at + this.#wait(operation.medianMs);
    let failed = false;
    for (const step of operation.steps ?? []) {
      if (!this.random.chance(step.chance ?? 1)) continue;
      const result = this.#step(service, step, { operationId: span.operationId, parentId: id }, end, instance);
      end = result.end;
      failed ||= result.failed;
      if (failed) break; // it gives up at the first thing that fails
    }
    const own = this.random.chance(operation.failure ?? 0);
    if (own) this.#exception(service, operation, { operationId: span.operationId, parentId: id }, end, instance);
    failed ||= own;
    const code = failed ? this.random.pick(['500', '500', '502', '503']) : '200';
    const durationMs = roundMs(end - at);
    const event = {
      kind: 'request',
      name: operation.name,
      id,
      ...span,
      durationMs,
      success: !failed,
      code,
      instance,
    } as const;
    this.#add(service, at, event, end);
    return { end, failed };
  }

  #step(service: Service, step: Step, span: Span, at: number, instance: string): { end: number; failed: boolean } {
    const id = this.random.hex(16);
    const { name, type, end, failed } = 'service' in step ? this.#callOf(step, span, id, at) : this.#waitFor(step, at);
    const durationMs = roundMs(end - at);
    const properties = { type, target: 'service' in step ? step.service : step.dependency };
    const event = {
      kind: 'dependency',
      name,
      id,
      ...span,
      durationMs,
      success: !failed,
      instance,
      properties,
    } as const;
    this.#add(service, at, event, end);
    return { end, failed };
  }

  #callOf(step: Extract<Step, { service: ServiceName }>, span: Span, parentId: string, at: number) {
    const callee = SERVICES.find(({ name }) => name === step.service);
    const operation = callee?.operations.find(({ name }) => name === step.operation);
    if (callee === undefined || operation === undefined) throw new Error(`${step.service} has no ${step.operation}`);
    const network = this.#wait(1.5);
    const { end, failed } = this.#request(callee, operation, { operationId: span.operationId, parentId }, at + network);
    return { name: `${step.service} ${step.operation}`, type: 'HTTP', end: end + network, failed };
  }

  #waitFor(step: Extract<Step, { dependency: string }>, at: number) {
    const failed = this.random.chance(step.failure ?? 0);
    return { name: step.dependency, type: step.type, end: at + this.#wait(step.medianMs * (failed ? 3 : 1)), failed };
  }

  #exception(service: Service, operation: Operation, span: Span, at: number, instance: string): void {
    const name = this.random.pick(EXCEPTIONS);
    const message = `${operation.name} was given up after an unexpected answer.`;
    const user = `visitor-${Math.floor(this.random.next() * 40)}`;
    const properties = { 'exception.stack': stackOf(service, operation, `${name}: ${message}`) };
    this.#add(service, at, {
      kind: 'exception',
      name,
      message,
      severity: 'error',
      ...span,
      instance,
      user,
      properties,
    });
    const log = `${name} in ${operation.name}; the next attempt is left to the caller.`;
    this.#add(service, at, { kind: 'trace', name: 'log', message: log, severity: 'warning', ...span, instance });
  }

  #pageView(service: Service, operation: Operation, operationId: string, at: number): void {
    const durationMs = roundMs(this.random.logNormal(650, 0.5));
    const session = this.random.hex(12);
    this.#add(service, at, {
      kind: 'pageView',
      name: operation.name.slice('GET '.length),
      operationId,
      durationMs,
      session,
    });
  }

  #order(service: Service, operationId: string, at: number): void {
    const amount = Math.round(this.random.logNormal(48, 0.7) * 100) / 100;
    this.#add(service, at, { kind: 'event', name: 'order placed', operationId, measurements: { amount } });
  }

  #wait(medianMs: number): number {
    return Math.min(this.random.logNormal(medianMs, 0.45), LONGEST_MS);
  }

  #add(service: Service, at: number, event: Omit<NativeEvent, 'time'>, sentAt = at): void {
    const time = new Date(at).toISOString();
    const id = event.id ?? this.random.hex(16);
    this.events.push({ app: service.name, sentAt, event: { ...event, time, id, version: versionAt(service, at) } });
  }
}

/** Where an operation throws: two frames of its own, as JavaScript writes them. */
function stackOf(service: Service, operation: Operation, head: string): string {
  const file = `${operation.name.replace(/\W+/g, '-').replace(/^-|-$/g, '').toLowerCase()}.js`;
  return `${head}\n    at answer (/srv/${service.name}/src/${file}:42:11)\n    at serve (/srv/${service.name}/src/server.js:17:5)`;
}

/** A release of each service now and then; which one comes first differs. */
const RELEASE_MS = 9 * 3_600_000;

function versionAt({ name, version }: Service, at: number): string {
  const [major = '1', minor = '0'] = version.split('.');
  const release = Math.floor((at + SERVICES.findIndex((one) => one.name === name) * 2_400_000) / RELEASE_MS);
  return `${major}.${minor}.${release % 100}`;
}

const roundMs = (ms: number): number => Math.round(ms * 1000) / 1000;
