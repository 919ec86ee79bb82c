/** What uPlot is told: the look of a chart over time. It draws to a canvas, so colours come in resolved. */
import uPlot from 'uplot';
import { formatAxisTime } from '../../lib/format.ts';
import { DASHES, type Format, type Mark, type Series, type Steps } from './series.ts';

/** A colour of styles.css by its role, as the canvas wants it. */
export type Palette = (role: string) => string;

export interface PlotInput {
  readonly steps: Steps;
  readonly series: readonly Series[];
  readonly format: Format;
  /** Charts of a group share their crosshair. */
  readonly group: string | undefined;
  /** The newest marks; read at each drawing. */
  readonly marks: () => readonly Mark[];
  /** The step under the pointer, or null. */
  readonly onCursor: (index: number | null) => void;
  /** A span was dragged over, milliseconds since 1970. */
  readonly onZoom: (from: number, to: number) => void;
}

const FONT = '11px ui-sans-serif, system-ui, sans-serif';
const AXIS_WIDTH = 58;
/** Between a label and its axis, and for each of its characters, pixels: digits of wide fonts, so that none is cut off. */
const LABEL_GAP = 6;
const CHARACTER_WIDTH = 7;
/** A label that is longer loses the end of its unit, so that a narrow chart is not all labels. */
const LABEL_CHARACTERS = 14;
const AXIS_HEIGHT = 26;
const HEADROOM = 1.1;
const NEAR = 1.15;

/** uPlot's columns: the steps' beginnings in seconds, then each series. */
export const plotData = ({ start, seconds, count }: Steps, series: readonly Series[]): uPlot.AlignedData => [
  Array.from({ length: count }, (_, index) => start / 1000 + index * seconds),
  ...series.map(({ values }) => [...values]),
];

/** Points that have no neighbour: a line would not show them. */
function lonely(values: readonly (number | null | undefined)[]): number[] {
  const has = (index: number): boolean => typeof values[index] === 'number';
  return values.flatMap((_, index) => (has(index) && !has(index - 1) && !has(index + 1) ? [index] : []));
}

function toSeries({ name, colour, shape, stroke = 'solid' }: Series, palette: Palette): uPlot.Series {
  const paint = palette(colour);
  if (shape === 'bars') {
    const paths = uPlot.paths.bars?.({ size: [0.85, 60], align: 1 });
    return { label: name, stroke: paint, fill: paint, width: 0, points: { show: false }, ...(paths ? { paths } : {}) };
  }
  const filter: uPlot.Series.Points.Filter = (plot, index) => lonely([...(plot.data[index] ?? [])]);
  return { label: name, stroke: paint, width: 1.75, dash: DASHES[stroke], points: { size: 4, fill: paint, filter } };
}

/** Upright lines at the marks, each with its name as far as there is room before the next. */
function drawMarks(plot: uPlot, marks: readonly Mark[], palette: Palette): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = palette('muted');
  ctx.fillStyle = palette('soft');
  ctx.font = FONT.replace('11px', `${11 * ratio}px`);
  ctx.textAlign = 'left';
  ctx.textBaseline = 'top';
  let free = bbox.left;
  for (const { at, name } of marks) {
    const x = Math.round(plot.valToPos(at / 1000, 'x', true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.setLineDash([3 * ratio, 3 * ratio]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const width = ctx.measureText(name).width;
    if (x < free || x + width > bbox.left + bbox.width) continue;
    ctx.fillText(name, x + 3 * ratio, bbox.top);
    free = x + width + 12 * ratio;
  }
  ctx.restore();
}

/** A label of the upright axis. */
export const axisLabel = (text: string): string =>
  text.length > LABEL_CHARACTERS ? `${text.slice(0, LABEL_CHARACTERS - 1)}…` : text;

/** Pixels that the upright axis takes for its labels; uPlot has none yet while there is no data. */
export const axisWidth = (labels: readonly string[] | null): number =>
  Math.max(AXIS_WIDTH, LABEL_GAP + CHARACTER_WIDTH * Math.max(0, ...(labels ?? []).map(({ length }) => length)));

function axes(format: Format, palette: Palette): uPlot.Axis[] {
  const look = {
    stroke: palette('muted'),
    font: FONT,
    grid: { stroke: palette('line'), width: 1 },
    ticks: { stroke: palette('line'), width: 1, size: 4 },
  };
  return [
    {
      ...look,
      grid: { show: false },
      size: AXIS_HEIGHT,
      values: (_plot, splits, _axis, _space, step) => splits.map((at) => formatAxisTime(at * 1000, step)),
    },
    {
      ...look,
      size: (_plot, labels) => axisWidth(labels),
      space: 34,
      ticks: { show: false },
      values: (_plot, splits) => splits.map((value) => axisLabel(format(value))),
    },
  ];
}

function takeSelection(plot: uPlot, onZoom: PlotInput['onZoom']): void {
  const { left, width } = plot.select;
  if (width <= 0) return;
  onZoom(plot.posToVal(left, 'x') * 1000, plot.posToVal(left + width, 'x') * 1000);
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
}

/** Seconds from one step's beginning to the next: the last step ends so long after its own. */
const stepOf = ([first = 0, second = first]: ArrayLike<number> & Iterable<number>): number => second - first;

/** Where an axis ends: a little above the greatest value, at a round number where one is near, so that it has its label. */
export function topOf(greatest: number): number {
  const top = greatest * HEADROOM;
  const unit = 10 ** Math.floor(Math.log10(top));
  const round = [1, 2, 2.5, 5, 10].map((times) => times * unit).find((one) => one >= top) ?? top;
  return round <= top * NEAR ? round : top;
}

/** Everything but size and data. */
export function plotOptions(input: PlotInput, palette: Palette, width: number, height: number): uPlot.Options {
  const { series, format, group, marks, onCursor, onZoom } = input;
  return {
    width,
    height,
    padding: [8, 18, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: true, y: false, setScale: false },
      points: { size: 7, width: 1.5 },
      ...(group === undefined ? {} : { sync: { key: group, setSeries: false } }),
    },
    scales: {
      x: { time: true, range: (plot, from, to) => [from, to + (stepOf(plot.data[0]) || input.steps.seconds)] },
      y: { range: (_plot, _from, to) => [0, to > 0 ? topOf(to) : 1] },
    },
    axes: axes(format, palette),
    series: [{}, ...series.map((one) => toSeries(one, palette))],
    hooks: {
      draw: [(plot) => drawMarks(plot, marks(), palette)],
      setCursor: [(plot) => onCursor(plot.cursor.idx ?? null)],
      setSelect: [(plot) => takeSelection(plot, onZoom)],
    },
  };
}
