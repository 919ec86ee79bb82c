/** How an application stands, for pages that show it: a word, a shape and a colour. */
const STANDINGS = {
  failing: { label: 'Failing', colour: 'text-fail', shape: 'M5 1 9.5 9h-9Z', filled: true },
  silent: {
    label: 'Silent',
    colour: 'text-silent',
    shape: 'M1.5 5a3.5 3.5 0 1 1 7 0 3.5 3.5 0 1 1-7 0Z',
    filled: false,
  },
  healthy: {
    label: 'Healthy',
    colour: 'text-healthy',
    shape: 'M1.5 5a3.5 3.5 0 1 1 7 0 3.5 3.5 0 1 1-7 0Z',
    filled: true,
  },
  waiting: { label: 'Waiting', colour: 'text-muted', shape: 'M1 5h8', filled: false },
};

/** The standing as word, shape and colour; `waiting` never said anything. */
export function StandingMark({ standing }: { readonly standing: keyof typeof STANDINGS }) {
  const { label, colour, shape, filled } = STANDINGS[standing];
  const strong = standing === 'failing' || standing === 'silent';
  return (
    <span className={`inline-flex items-center gap-1.5 text-xs ${colour} ${strong ? 'font-semibold' : ''}`}>
      <svg aria-hidden="true" viewBox="0 0 10 10" className="size-2.5 shrink-0">
        <path
          d={shape}
          fill={filled ? 'currentColor' : 'none'}
          stroke="currentColor"
          strokeWidth="1.4"
          strokeLinejoin="round"
        />
      </svg>
      {label}
    </span>
  );
}
