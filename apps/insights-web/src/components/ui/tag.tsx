import type { ReactNode } from 'react';

const LOOKS = {
  plain: 'border-line bg-raised text-soft',
  accent: 'border-accent/40 bg-tint text-accent',
  fail: 'border-fail/40 bg-fail-tint text-fail',
  note: 'border-silent/40 bg-silent-tint text-silent',
};

/** A word that says how something stands. */
export const Tag = ({
  look = 'plain',
  children,
}: {
  readonly look?: keyof typeof LOOKS;
  readonly children: ReactNode;
}) => (
  <span className={`inline-block rounded border px-1.5 text-xs leading-5 font-medium whitespace-nowrap ${LOOKS[look]}`}>
    {children}
  </span>
);
