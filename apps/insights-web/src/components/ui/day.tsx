import { formatExact } from '../../lib/format.ts';

/** The day of a moment (ISO 8601); the whole of it for those who point at it. */
export function Day({ moment }: { readonly moment: string }) {
  const exact = formatExact(Date.parse(moment));
  return (
    <time dateTime={moment} title={exact}>
      {exact.slice(0, 10)}
    </time>
  );
}
