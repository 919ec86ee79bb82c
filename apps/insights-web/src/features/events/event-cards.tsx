import { memo, type RefObject } from 'react';
import { useNearEnd } from '../../components/list/use-near-end.ts';
import { useVisibleRows } from '../../components/list/use-visible-rows.ts';
import { formatDuration } from '../../lib/format.ts';
import { rowProps } from '../../lib/keyboard.ts';
import { KindName, NameAndMessage, ToneMark } from './event-cells.tsx';
import { type EventRowsProps, RowLink, type RowProps } from './row-link.tsx';
import { toneOf } from './tone.ts';

const CARD_PX = 56;

interface CardProps extends RowProps {
  readonly count: number;
}

function Content({ item, isOpen, follows, href, onOpen }: Omit<CardProps, 'place' | 'count'>) {
  const { event } = item;
  if (event === null) return <p className="line-clamp-2 text-xs">{item.note}</p>;
  const tone = toneOf(event);
  return (
    <>
      <p className="flex items-center gap-1.5 text-xs">
        {tone !== 'plain' && <ToneMark tone={tone} />}
        <RowLink
          event={event}
          isOpen={isOpen}
          follows={follows}
          href={href}
          onOpen={onOpen}
          className="after:absolute after:inset-0"
        />
        <span className="min-w-0 flex-1 truncate text-right text-soft">{event.app}</span>
      </p>
      <p className="flex items-baseline gap-2 text-[0.8125rem]">
        <span className="min-w-0 flex-1 truncate">
          <KindName kind={event.kind} /> <NameAndMessage event={event} />
        </span>
        <span className={`shrink-0 text-xs ${tone === 'fail' ? 'text-fail' : 'text-soft'}`}>
          {[event.code, event.durationMs === undefined ? undefined : formatDuration(event.durationMs)]
            .filter((part) => part !== undefined)
            .join(' · ')}
        </span>
      </p>
    </>
  );
}

const Card = memo(function Card({ place, count, ...props }: CardProps) {
  const look = props.item.event === null ? 'bg-silent-tint text-silent' : props.isOpen ? 'bg-tint' : '';
  return (
    <li
      {...rowProps}
      aria-posinset={place + 1}
      aria-setsize={count}
      className={`relative flex h-14 flex-col justify-center gap-0.5 border-b border-line px-2.5 ${look}`}
    >
      <Content {...props} />
    </li>
  );
});

interface EventCardsProps extends EventRowsProps {
  readonly list: RefObject<HTMLElement | null>;
}

/** Events in two lines each, for a narrow screen. */
export function EventCards({ label, items, more, open, href, onOpen, onNearEnd, list }: EventCardsProps) {
  const { first, end, before, after } = useVisibleRows(list, items.length, CARD_PX);
  useNearEnd(end, items.length, onNearEnd);
  return (
    <ul
      ref={list as RefObject<HTMLUListElement | null>}
      aria-label={label}
      className="overflow-clip rounded-lg border border-line bg-surface"
      style={{ paddingTop: before, paddingBottom: after }}
    >
      {items.slice(first, end).map((item, index) => (
        <Card
          key={item.key}
          item={item}
          place={first + index}
          count={more ? -1 : items.length}
          isOpen={open !== null && item.address === open}
          follows={open !== null}
          href={href}
          onOpen={onOpen}
        />
      ))}
    </ul>
  );
}
