import type { TraceResponse } from '@scorpiox/shared/contract';
import { coloursOf } from './summary.ts';

/** Which colour is whose, and what the drawings mean. */
export function Legend({ trace }: { readonly trace: TraceResponse }) {
  const colours = coloursOf(trace.apps);
  return (
    <ul className="mb-2 flex flex-wrap gap-x-4 gap-y-1 text-xs text-soft">
      {trace.apps.map((app) => (
        <li key={app} className="flex items-center gap-1.5">
          <span aria-hidden="true" className="size-2.5 rounded-xs" style={{ background: colours.get(app) }} />
          {app}
        </li>
      ))}
      {trace.criticalPath.length > 0 && (
        <li className="flex items-center gap-1.5">
          <span aria-hidden="true" className="h-0.75 w-5 rounded-xs bg-ink" />
          critical path: what the end waited for
        </li>
      )}
      {trace.gaps.length > 0 && (
        <li className="flex items-center gap-1.5">
          <span aria-hidden="true" className="trace-gap h-2.5 w-5 bg-muted" />
          gap: none of its children ran
        </li>
      )}
    </ul>
  );
}
