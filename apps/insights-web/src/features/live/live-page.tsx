import { parseQuery } from '@scorpiox/shared/query-language';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { PageHeader } from '../../components/page/page-header.tsx';
import { Empty } from '../../components/states/states.tsx';
import { printEventAddress } from '../../lib/event-address.ts';
import { parseColumns, printColumns } from '../events/columns.ts';
import { EventPanel } from '../events/event-panel.tsx';
import { QueryField } from '../events/query-field.tsx';
import { withTerm } from '../events/terms.ts';
import { useOpenEvent } from '../events/use-open-event.ts';
import { LiveList } from './live-list.tsx';
import type { LiveSearch } from './search.ts';

const route = getRouteApi('/shell/live');

/** Where values for the completion are looked for: what arrives now is like what came lately. */
const LATELY = { from: 'now-1h', to: 'now' } as const;

/** `/live`: events as they arrive. */
export function LivePage() {
  const { q: text, columns: chosen, event } = route.useSearch();
  const q = text?.trim() ?? '';
  const navigate = route.useNavigate();
  const change = (part: LiveSearch): void =>
    void navigate({ search: (current) => ({ ...current, ...part }), replace: true, resetScroll: false });
  const setQuery = (query: string): void => change({ q: query === '' ? undefined : query });
  const columns = useMemo(() => parseColumns(chosen), [chosen]);
  const isGood = useMemo(() => parseQuery(q).ok, [q]);
  const { address, href, open, close } = useOpenEvent(event ?? null, (one) => change({ event: one ?? undefined }));
  return (
    <>
      <PageHeader title="Live" range={false} />
      <QueryField value={q} range={LATELY} onSubmit={setQuery} action="Filter" />
      {!isGood && <Empty title="The filter has a mistake.">It is shown below the field.</Empty>}
      {isGood && (
        <LiveList
          key={q}
          q={q}
          columns={columns}
          onColumns={(ids) => change({ columns: printColumns(ids) })}
          open={event ?? null}
          href={href}
          onOpen={open}
          panel={(events) =>
            address !== null && (
              <EventPanel
                address={address}
                known={events.find((one) => printEventAddress(one) === event)}
                onClose={close}
                onTerm={(term, wanted) => setQuery(withTerm(q, term, wanted))}
              />
            )
          }
        />
      )}
    </>
  );
}
