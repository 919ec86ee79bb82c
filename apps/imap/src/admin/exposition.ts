/** A snapshot in Prometheus' text format, version 0.0.4: what every scraper reads. */
import type { HistogramFamily, Labels, MetricFamily, MetricsSnapshot } from './operator.ts';

export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export function exposition(snapshot: MetricsSnapshot): string {
  return snapshot.map(familyText).join('');
}

function familyText(family: MetricFamily): string {
  const { name, type, help } = family;
  const head = `# HELP ${name} ${escaped(help)}\n# TYPE ${name} ${type}\n`;
  const lines =
    family.type === 'histogram'
      ? family.series.flatMap((one) => buckets(family, one))
      : family.series.map(({ labels, value }) => sample(name, labels, value));
  return head + lines.join('');
}

/** Buckets are cumulative: each counts everything up to its bound. */
function buckets(
  { name, bounds }: HistogramFamily,
  { labels, counts, sum }: HistogramFamily['series'][number],
): string[] {
  let total = 0;
  const lines = counts.map((count, at) => {
    total += count;
    return sample(`${name}_bucket`, { ...labels, le: number(bounds[at] ?? Number.POSITIVE_INFINITY) }, total);
  });
  return [...lines, sample(`${name}_sum`, labels, sum), sample(`${name}_count`, labels, total)];
}

function sample(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text).replaceAll('"', '\\"')}"`);
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${number(value)}\n`;
}

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');

function number(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
}
