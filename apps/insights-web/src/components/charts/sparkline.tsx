import { sparklinePath } from './sparkline-path.ts';

interface SparklineProps {
  /** One value per equal step, oldest first. */
  readonly values: readonly number[];
  /** What the drawing says, in words. */
  readonly label: string;
  readonly className?: string;
}

const WIDTH = 120;
const HEIGHT = 24;

/** A series in the space of a word. It stretches to the size its class gives it. */
export function Sparkline({ values, label, className = '' }: SparklineProps) {
  const { line, area } = sparklinePath(values, WIDTH, HEIGHT);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      className={`${Math.max(0, ...values) > 0 ? 'text-accent' : 'text-edge'} ${className}`}
    >
      <title>{label}</title>
      <path d={area} fill="currentColor" fillOpacity="0.12" />
      <path
        d={line}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.25"
        strokeLinejoin="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
