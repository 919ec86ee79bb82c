import {
  type AnyRouter,
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from '@tanstack/react-router';
import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ComponentProps } from 'react';
import type uPlot from 'uplot';
import { describe, expect, it, vi } from 'vitest';
import { axisLabel, axisWidth, plotData, plotOptions, topOf } from '../src/components/charts/plot-options.ts';
import { describe as inWords, lastIndex, type Series } from '../src/components/charts/series.ts';
import { TimeChart } from '../src/components/charts/time-chart.tsx';
import { formatAxisTime, formatMinute } from '../src/lib/format.ts';
import { validateRange } from '../src/lib/time-range.ts';

// The drawing itself is a canvas, which only a browser has: tests/telemetry looks at it there.
vi.mock('../src/components/charts/plot.tsx', () => ({
  Plot: ({ onCursor, onZoom }: { onCursor(index: number): void; onZoom(from: number, to: number): void }) => (
    <>
      <button type="button" onClick={() => onCursor(1)}>
        point
      </button>
      <button type="button" onClick={() => onZoom(START + 70_000, START + 130_000)}>
        drag
      </button>
    </>
  ),
}));

const START = Date.UTC(2026, 2, 21, 10);
const steps = { start: START, seconds: 60, count: 4 };
const requests: Series = { name: 'Requests', colour: 'accent', values: [3, 9, 6, null] };
const failures: Series = { name: 'Failures', colour: 'fail', stroke: 'dashed', values: [null, 1, null, null] };
const format = (value: number | null): string => (value === null ? '–' : `${value}/min`);

function show(props: Partial<ComponentProps<typeof TimeChart>> = {}) {
  const root = createRootRoute();
  const shell = createRoute({ getParentRoute: () => root, id: 'shell', validateSearch: validateRange });
  const chart = <TimeChart title="Traffic" steps={steps} series={[requests, failures]} format={format} {...props} />;
  const index = createRoute({ getParentRoute: () => shell, path: '/', component: () => chart });
  const routeTree = root.addChildren([shell.addChildren([index])]);
  const router: AnyRouter = createRouter({ routeTree, history: createMemoryHistory() });
  render(<RouterProvider router={router} />);
  return router;
}

describe('a chart over time', () => {
  it('says in words what it shows, and tells the newest figures or those under the pointer', async () => {
    show();
    const drawing = await screen.findByRole('img', { name: /^Traffic\./ });
    expect(drawing.getAttribute('aria-label')).toContain(
      `Requests: at most 9/min at ${formatMinute(START + 60_000)}, latest 6/min`,
    );
    const told = (): string[] => screen.getAllByRole('listitem').map((item) => item.textContent ?? '');
    expect(told()).toEqual(['Requests6/min', 'Failures–']);
    await userEvent.click(await screen.findByRole('button', { name: 'point' }));
    expect(told()).toEqual(['Requests9/min', 'Failures1/min']);
  });

  it('makes what is dragged over the range, in whole steps', async () => {
    const router = show();
    await userEvent.click(await screen.findByRole('button', { name: 'drag' }));
    const iso = (ms: number): string => new Date(ms).toISOString();
    await waitFor(() =>
      expect(router.state.location.search).toMatchObject({ from: iso(START + 60_000), to: iso(START + 180_000) }),
    );
  });

  it('has its figures in a table, newest first, with the marks', async () => {
    show({ marks: [{ at: START + 65_000, name: '1.2.0' }] });
    await userEvent.click(await screen.findByText('as a table'));
    const rows = within(await screen.findByRole('table')).getAllByRole('row');
    expect(rows.map((row) => row.textContent)).toEqual([
      'FromRequestsFailures',
      `${formatMinute(START + 180_000)}––`,
      `${formatMinute(START + 120_000)}6/min–`,
      `${formatMinute(START + 60_000)} · 1.2.09/min1/min`,
      `${formatMinute(START)}3/min–`,
    ]);
  });
});

describe('what is drawn', () => {
  it('has a column for the beginnings of the steps, in seconds, and one for each series', () => {
    expect(plotData(steps, [requests])).toEqual([
      [START / 1000, START / 1000 + 60, START / 1000 + 120, START / 1000 + 180],
      [3, 9, 6, null],
    ]);
  });

  it('has room for the last step, which is a bar too, however long steps are by now', () => {
    const input = { steps, series: [requests], format, group: undefined, marks: () => [], onCursor() {}, onZoom() {} };
    const range = plotOptions(input, () => 'red', 300, 100).scales?.x?.range;
    if (typeof range !== 'function') throw new Error('the range is a function');
    // Of a plot it looks at its data alone.
    const of = (...starts: number[]) => ({ data: [starts] }) as unknown as uPlot;
    expect(range(of(0, 60, 120), 0, 120, 'x')).toEqual([0, 180]);
    expect(range(of(0, 3600), 0, 3600, 'x')).toEqual([0, 7200]);
    expect(range(of(60), 60, 60, 'x')).toEqual([60, 120]);
  });

  it('ends its upright axis at a round number where one is near', () => {
    expect([45, 0.82, 100, 60].map((greatest) => Math.round(topOf(greatest) * 1000) / 1000)).toEqual([50, 1, 110, 66]);
  });

  it('has room for the labels of its upright axis, and cuts a long one at its end', () => {
    expect(axisWidth(null)).toBe(axisWidth(['0', '50 ms']));
    expect(axisWidth(['0 items', '600 items'])).toBeGreaterThan(axisWidth(['50 ms']));
    expect(axisLabel('600 items')).toBe('600 items');
    expect(axisLabel('1,200 connections')).toBe('1,200 connect…');
  });

  it('knows a series without values', () => {
    const nothing: Series = { name: 'Nothing', colour: 'muted', values: [null, null] };
    expect(lastIndex([nothing])).toBe(-1);
    expect(lastIndex([nothing, requests])).toBe(2);
    expect(inWords(nothing, steps, format, String)).toBe('Nothing: nothing in this time range');
  });

  it('names days at midnight and where ticks are days apart, else the time', () => {
    const local = (day: number, hour: number, second = 0): number => new Date(2026, 2, day, hour, 0, second).getTime();
    expect(formatAxisTime(local(21, 10), 3600)).toBe('10:00');
    expect(formatAxisTime(local(21, 0), 3600)).toBe('03-21');
    expect(formatAxisTime(local(21, 12), 86_400)).toBe('03-21');
    expect(formatAxisTime(local(21, 10, 30), 30)).toBe('10:00:30');
  });
});
