import { parseNativeEvent } from '@scorpiox/shared/telemetry';
import { describe, expect, it } from 'vitest';
import { SERVICE_NAMES, SILENT_SERVICE } from '../../src/ops/demo/services.ts';
import { type DemoEvent, eventsBetween } from '../../src/ops/demo/simulate.ts';

const NOON = Date.UTC(2026, 2, 21, 12);
const HOUR = 3_600_000;
const simulation = { seed: 'test', silentFrom: NOON - HOUR };
const lastHours = eventsBetween(simulation, NOON - 3 * HOUR, NOON);
const requests = lastHours.filter(({ event }) => event.kind === 'request');
const of = (app: string, events: readonly DemoEvent[] = requests) => events.filter((event) => event.app === app);
const failureRate = (app: string) => of(app).filter(({ event }) => event.success === false).length / of(app).length;

describe('eventsBetween', () => {
  it('gives the same events however the span is cut, so that nothing is sent twice under two ids', () => {
    const from = NOON - HOUR / 6;
    const whole = eventsBetween(simulation, from, NOON);
    const cut = Array.from({ length: 600 }, (_, i) =>
      eventsBetween(simulation, from + i * 1000, from + (i + 1) * 1000),
    );
    expect(cut.flat()).toEqual(whole);
    expect(new Set(whole.map(({ app, event }) => `${app} ${event.id}`)).size).toBe(whole.length);
  });

  it('gives other events to another seed', () => {
    const other = eventsBetween({ ...simulation, seed: 'other' }, NOON - HOUR / 6, NOON);
    expect(other.map(({ event }) => event.id)).not.toContain(lastHours.at(-1)?.event.id);
    expect(other.length).toBeGreaterThan(0);
  });

  it('makes only events that the platform takes, without a change to any', () => {
    for (const { event } of lastHours) {
      const parsed = parseNativeEvent(event);
      expect(parsed, JSON.stringify(event)).toMatchObject({ ok: true, value: { adjustments: [] } });
    }
  });

  it('lets all 15 applications speak, each marked as a demonstration', () => {
    expect(new Set(lastHours.map(({ app }) => app))).toEqual(new Set(SERVICE_NAMES));
    expect(SERVICE_NAMES).toHaveLength(15);
    for (const name of SERVICE_NAMES) expect(name).toMatch(/^demo-/);
  });

  it('has one that has fallen silent and one that mostly fails', () => {
    const silent = of(SILENT_SERVICE, lastHours);
    expect(silent.length).toBeGreaterThan(50);
    expect(Math.max(...silent.map(({ sentAt }) => sentAt))).toBeLessThan(NOON - HOUR + 120_000);
    expect(failureRate('demo-legacy-crm')).toBeGreaterThan(0.3);
    expect(failureRate('demo-shop')).toBeLessThan(0.1);
  });

  it('has latencies with a long tail', () => {
    const durations = of('demo-shop')
      .map(({ event }) => Number(event.durationMs))
      .sort((a, b) => a - b);
    const at = (share: number) => durations[Math.floor(durations.length * share)] ?? 0;
    expect(at(0.5)).toBeGreaterThan(10);
    expect(at(0.99)).toBeGreaterThan(3 * at(0.5));
  });

  it('links the requests of a journey across applications', () => {
    const dependencies = new Map(lastHours.map(({ app, event }) => [event.id, { app, event }]));
    const children = requests.filter(({ event }) => event.parentId !== undefined);
    const linked = children.filter(({ app, event }) => {
      const caller = dependencies.get(event.parentId ?? '');
      return caller !== undefined && caller.app !== app && caller.event.operationId === event.operationId;
    });
    // Those whose caller ended outside the span are few.
    expect(linked.length).toBeGreaterThan(0.99 * children.length);
    expect(children.length).toBeGreaterThan(1000);
  });

  it('stays within what one request after another can carry', () => {
    const perSecond = lastHours.length / (3 * 3600);
    expect(perSecond).toBeGreaterThan(1);
    expect(perSecond).toBeLessThan(20);
  });
});
