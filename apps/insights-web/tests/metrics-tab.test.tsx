import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { chartsOf, stepsOf } from '../src/features/app/metric-series.ts';
import { formatBytes, formatMeasure } from '../src/lib/format-measure.ts';
import { metricSeriesAnswer } from './support/answers.ts';
import { browserPage } from './support/page.tsx';

const page = browserPage();

describe('the metrics of an application', () => {
  it('are listed, drawn one at a time, and split by a dimension that the address holds', async () => {
    const user = userEvent.setup();
    page.open('/apps/calm?tab=metrics');
    const list = await screen.findByRole('table', { name: /Metrics/ });
    expect(within(list).getByText('197 MiB')).not.toBeNull();
    await user.click(within(list).getByRole('link', { name: 'http.server.request.duration' }));
    expect(await screen.findByRole('img', { name: /^Percentiles\..*p95: at most 48\.0 s/ })).not.toBeNull();
    expect(screen.getByRole('img', { name: /^Observations a second\./ })).not.toBeNull();
    await user.selectOptions(screen.getByRole('combobox', { name: 'Split by' }), 'http.route');
    const parts = await screen.findByRole('table', { name: /By http.route/ });
    expect(
      within(parts)
        .getAllByRole('rowheader')
        .map((cell) => cell.textContent),
    ).toEqual(['/cart', '/', '(without)']);
    expect(page.address()).toBe('/apps/calm?tab=metrics&chosen=http.server.request.duration&unit=s&by=http.route');
    await user.click(screen.getByRole('button', { name: 'Close' }));
    await waitFor(() => expect(page.address()).toBe('/apps/calm?tab=metrics'));
  });
});

describe('what is drawn of a metric', () => {
  const ask = (name: string, by?: string) =>
    metricSeriesAnswer(new URLSearchParams({ name, ...(by === undefined ? {} : { by }) }));

  it('goes by its kind', () => {
    const titles = (name: string, by?: string): string[] => chartsOf(ask(name, by)).map(({ title }) => title);
    expect(titles('orders')).toEqual(['A second']);
    expect(titles('process.memory')).toEqual(['Mean']);
    expect(titles('http.server.request.duration')).toEqual(['Percentiles', 'Observations a second']);
    expect(titles('http.server.request.duration', 'host')).toEqual(['p95', 'Observations a second']);
  });

  it('tells parts apart by colour and stroke, and shows no more than can be told apart', () => {
    const answer = ask('orders', 'host');
    const [part] = answer.parts;
    if (part === undefined) throw new Error('a metric without parts');
    const many = { ...answer, parts: Array.from({ length: 30 }, (_, at) => ({ ...part, value: `v${at}` })) };
    const [chart] = chartsOf(many);
    const looks = chart?.series.map(({ colour, stroke }) => `${colour} ${stroke}`) ?? [];
    expect(looks).toHaveLength(7);
    expect(new Set(looks).size).toBe(7);
    expect(stepsOf(answer)).toMatchObject({ seconds: 3600, count: 24 });
  });
});

describe('a measured value', () => {
  it.each([
    [0.25, 's', '250 ms'],
    [1500, 'us', '1.5 ms'],
    [1536, 'By', '1.50 KiB'],
    [196.5, 'MiB', '197 MiB'],
    [42.123, '%', '42.12%'],
    [12, '{request}', '12'],
    [1_234_567, null, '1.23M'],
    [3.5, 'V', '3.5 V'],
    [-2, 's', '-2 s'],
    [null, 's', '–'],
  ])('%d %s reads %s', (value, unit, said) => expect(formatMeasure(value, unit)).toBe(said));

  it('climbs no higher than it has names for sizes', () => expect(formatBytes(2 ** 60)).toBe('1048576 TiB'));
});
