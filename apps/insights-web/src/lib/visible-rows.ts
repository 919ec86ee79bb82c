/** Which rows of a long list have to be in the document: those that are seen, and some around them. */
export interface VisibleRows {
  /** The first that is rendered, and the one after the last. */
  readonly first: number;
  readonly end: number;
  /** The room of those before and after, pixels. */
  readonly before: number;
  readonly after: number;
}

interface Sight {
  readonly count: number;
  /** Every row is as high as every other, pixels. */
  readonly rowHeight: number;
  /** How far the list's first row lies above the upper edge of what is seen, pixels; below 0 where it lies beneath. */
  readonly offset: number;
  /** Height of what is seen, pixels. */
  readonly height: number;
  /** Rows kept on either side, so that a scroll finds them painted. */
  readonly margin: number;
}

const within = (value: number, count: number): number => Math.min(Math.max(value, 0), count);

/**
 * The rows to render. The first is always an even one, so that stripes and screen readers' positions do not shift while
 * rows come in at the other end.
 */
export function visibleRows({ count, rowHeight, offset, height, margin }: Sight): VisibleRows {
  const from = Math.floor(offset / rowHeight) - margin;
  const first = within(from - (from % 2), count);
  const end = within(Math.ceil((offset + height) / rowHeight) + margin, count);
  const last = Math.max(first, end);
  return { first, end: last, before: first * rowHeight, after: (count - last) * rowHeight };
}
