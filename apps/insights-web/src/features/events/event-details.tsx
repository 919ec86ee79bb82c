import type { EventRecord } from '@scorpiox/shared/contract';
import { Link } from '@tanstack/react-router';
import { CopyButton } from '../../components/ui/copy-button.tsx';
import { KIND_NAMES } from '../../lib/event-words.ts';
import { formatExactMs } from '../../lib/format-moment.ts';
import { DetailList, type ValueActions } from './detail-list.tsx';
import { eventJson, fieldDetails, measurementDetails, propertyDetails } from './details.ts';
import { ToneMark } from './event-cells.tsx';
import { toneOf } from './tone.ts';

const LINK =
  'inline-flex h-8 items-center rounded-md border border-edge bg-surface px-2.5 font-medium hover:bg-raised pointer-coarse:h-10';

/** The ways on from an event: what it belongs to, and itself as text. */
function Ways({ event }: { readonly event: EventRecord }) {
  const trace = event.operationId ?? event.traceId;
  return (
    <div className="flex flex-wrap gap-2">
      {trace !== undefined && (
        <Link to="/traces/$id" params={{ id: trace }} search={{ near: event.time }} className={LINK}>
          Trace
        </Link>
      )}
      <Link to="/apps/$app" params={{ app: event.app }} className={LINK}>
        Application
      </Link>
      <CopyButton text={() => eventJson(event)} title="The whole event as JSON">
        Copy JSON
      </CopyButton>
    </div>
  );
}

/** An event in full. */
export function EventDetails({ event, onTerm }: ValueActions & { readonly event: EventRecord }) {
  const [day, clock] = formatExactMs(event.time);
  const tone = toneOf(event);
  return (
    <div className="flex flex-col gap-4">
      <div>
        <p className="flex items-center gap-1.5 text-xs text-muted">
          {tone !== 'plain' && <ToneMark tone={tone} />}
          {KIND_NAMES[event.kind]} · <time dateTime={event.time}>{`${day} ${clock}`}</time>
        </p>
        <p className="mt-0.5 text-sm font-semibold wrap-anywhere">{event.name}</p>
      </div>
      {event.message !== undefined && (
        <p className="max-h-60 overflow-y-auto rounded-md bg-raised px-2.5 py-2 font-mono text-xs leading-5 wrap-anywhere whitespace-pre-wrap">
          {event.message}
        </p>
      )}
      <Ways event={event} />
      <DetailList title="Fields" event={event} details={fieldDetails(event)} onTerm={onTerm} />
      <DetailList title="Properties" event={event} details={propertyDetails(event)} onTerm={onTerm} />
      <DetailList title="Measurements" event={event} details={measurementDetails(event)} onTerm={onTerm} />
      <p className="text-xs text-muted">
        Received {formatExactMs(event.receivedAt).join(' ')}
        {event.count !== 1 && ` · stands for ${event.count} events`}
      </p>
    </div>
  );
}
