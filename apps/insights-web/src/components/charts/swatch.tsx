import { DASHES, type Series } from './series.ts';

/** A sample of a series as it is drawn, beside its name. */
export function Swatch({ series: { colour, shape, stroke = 'solid' } }: { readonly series: Series }) {
  const paint = `var(--color-${colour})`;
  return (
    <svg aria-hidden="true" viewBox="0 0 18 8" className="h-2 w-4.5 shrink-0">
      {shape === 'bars' ? (
        <rect x="5" width="8" height="8" rx="1" fill={paint} />
      ) : (
        <path d="M0 4h18" stroke={paint} strokeWidth="2" strokeDasharray={DASHES[stroke].join(' ')} />
      )}
    </svg>
  );
}
