import { ChevronIcon } from '../../components/ui/icons.tsx';
import { KIND_NAMES, SEVERITY_NAMES } from '../../lib/event-words.ts';
import { ToneMark } from '../events/event-cells.tsx';
import { toneOf } from '../events/tone.ts';
import type { LogLine, SpanLine } from './trace-lines.ts';
import { appOf, type CellProps, type TraceLook, type TraceRowProps } from './trace-look.ts';

const INDENT_PX = { wide: 14, narrow: 8 };
/** Deeper ones are not indented further: there would be no room left for their names. */
const DEEPEST = { wide: 16, narrow: 10 };

const App = ({ line, look }: Pick<TraceRowProps, 'line' | 'look'>) => (
  <span className="inline-flex max-w-24 shrink-0 md:max-w-40 items-center gap-1 text-xs text-muted">
    <span
      aria-hidden="true"
      className="size-2 shrink-0 rounded-xs"
      style={{ background: look.colours.get(appOf(line)) }}
    />
    <span className="truncate">{appOf(line)}</span>
  </span>
);

function Toggle({ line, onToggle }: { readonly line: SpanLine; readonly onToggle: TraceLook['onToggle'] }) {
  const open = line.hidden === 0;
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={open ? `Collapse ${line.span.name}` : `Expand ${line.span.name}`}
      onClick={(event) => {
        event.stopPropagation();
        onToggle(line);
      }}
      className="order-first inline-flex h-6 min-w-5 shrink-0 items-center gap-0.5 rounded px-1 text-muted hover:bg-raised hover:text-ink"
    >
      <ChevronIcon open={open} />
      {!open && <span className="text-xs">{line.hidden}</span>}
    </button>
  );
}

function SpanName({ line: { span, orphan } }: { readonly line: SpanLine }) {
  const tone = toneOf(span);
  return (
    <>
      {tone !== 'plain' && <ToneMark tone={tone} />}
      <span className={`truncate font-medium ${tone === 'fail' ? 'text-fail' : ''}`} title={span.name}>
        {span.name}
      </span>
      {span.kind !== 'request' && (
        <span className="shrink-0 text-xs text-muted max-md:sr-only">{KIND_NAMES[span.kind]}</span>
      )}
      {orphan && (
        <span className="shrink-0 rounded bg-silent-tint px-1 text-xs text-silent" title={`Parent: ${span.parentId}`}>
          parent missing
        </span>
      )}
    </>
  );
}

function LogName({ line: { log } }: { readonly line: LogLine }) {
  const tone = toneOf(log);
  const kind = log.severity === null ? KIND_NAMES[log.kind] : SEVERITY_NAMES[log.severity];
  const text = log.kind === 'trace' ? (log.message ?? log.name) : [log.name, log.message].filter(Boolean).join(' ');
  return (
    <>
      {tone !== 'plain' && <ToneMark tone={tone} />}
      <span className="shrink-0 text-xs text-muted">{kind}</span>
      <span className="truncate text-soft" title={text}>
        {text}
      </span>
    </>
  );
}

/** The name, which opens the details and has the row's keys, between what opens the tree and the application. */
export const TraceName = ({ line, look, className, isActive }: CellProps & Pick<TraceRowProps, 'isActive'>) => {
  const size = look.wide ? 'wide' : 'narrow';
  const indent = Math.min(line.level - 1, DEEPEST[size]) * INDENT_PX[size];
  return (
    <div className={`flex min-w-0 items-center gap-1.5 pr-2 ${className}`} style={{ paddingLeft: indent + 4 }}>
      <button
        type="button"
        tabIndex={isActive ? 0 : -1}
        onClick={(event) => {
          event.stopPropagation();
          look.onOpen(line);
        }}
        onKeyDown={(event) => look.onKey(event, line)}
        className="flex h-6 min-w-0 flex-1 items-center gap-1.5 text-left"
      >
        {line.kind === 'span' ? <SpanName line={line} /> : <LogName line={line} />}
      </button>
      {line.kind === 'span' && line.expandable ? (
        <Toggle line={line} onToggle={look.onToggle} />
      ) : (
        <span className="order-first w-5 shrink-0" />
      )}
      <App line={line} look={look} />
    </div>
  );
};
